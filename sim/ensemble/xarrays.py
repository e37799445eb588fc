"""An ensemble as an xarray Dataset, for those who have xarray (the optional extra of that name)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.tables import MEASURE_UNITS
from sim.scenario import scenario_hash

if TYPE_CHECKING:
    import xarray


def to_xarray(ensemble: Ensemble) -> xarray.Dataset:
    """The hourly series with dimensions replicate, time and place; units in each one's attributes.

    Times are in UTC, the clock's own offset in the attribute `utc_offset_h`.

    Raises:
        ImportError: xarray is not installed.
        ValueError: the ensemble keeps no hourly series.
    """
    try:
        import xarray as xr
    except ImportError:
        raise ImportError("xarray is not installed: pip install 'standdown[xarray]'") from None
    if not ensemble.hourly:
        raise ValueError("the ensemble keeps no hourly series; simulate with keep='hourly'")
    offset = ensemble.times[0].utcoffset()
    times = ensemble.times.tz_convert("UTC").tz_localize(None)
    dimensions = ("replicate", "time", "place")
    return xr.Dataset(
        {
            measure: (dimensions, np.asarray(values), {"units": MEASURE_UNITS.get(measure, "-")})
            for measure, values in ensemble.hourly.items()
        },
        coords={
            "replicate": ensemble.observables.index.to_numpy(),
            "time": times.to_numpy(),
            "place": list(ensemble.places),
        },
        attrs={
            "scenario": ensemble.scenario.name,
            "scenario_hash": scenario_hash(ensemble.scenario),
            "variant": ensemble.variant or "",
            "seed": ensemble.seed,
            "utc_offset_h": offset.total_seconds() / 3600 if offset is not None else 0.0,
        },
    )
