"""Local time on an axis: the clock's own offset, days as major ticks, hours between."""

from __future__ import annotations

from datetime import datetime, tzinfo

import numpy as np
import pandas as pd
from matplotlib import dates as mdates
from matplotlib.axes import Axes


def wall(moment: datetime | pd.Timestamp, zone: tzinfo | None) -> float:
    """Matplotlib's number for the wall-clock time of ``moment`` in ``zone`` (days)."""
    stamp = pd.Timestamp(moment).round("s")
    if stamp.tzinfo is not None and zone is not None:
        stamp = stamp.tz_convert(zone)
    return float(mdates.date2num(stamp.tz_localize(None).to_pydatetime()))


def walls(times: pd.DatetimeIndex) -> np.ndarray:
    """Matplotlib's numbers for a zoned index, in its own wall-clock time: f8[T]."""
    return np.asarray(mdates.date2num(times.tz_localize(None).to_pydatetime()), dtype=np.float64)


def _day(value: float, _position: float) -> str:
    moment = mdates.num2date(value)
    return f"{moment.day} {moment.strftime('%b')}"


def _hour(value: float, _position: float) -> str:
    moment = mdates.num2date(value)
    return "" if moment.hour == 0 else f"{moment.hour:02d}"


def _nothing(_value: float, _position: float) -> str:
    return ""


def _months(axes: Axes, days: float, width_mm: float, labels: bool) -> None:
    """Ticks at the first of months, or of years, as far apart as their labels need."""
    apart = 14.0 * days / width_mm / 30.4
    fitting = [n for n in (1, 2, 3, 6) if n >= apart]
    if fitting:
        axes.xaxis.set_major_locator(mdates.MonthLocator(bymonth=range(1, 13, fitting[0])))
        axes.xaxis.set_major_formatter(mdates.DateFormatter("%b %Y" if labels else ""))
    else:
        axes.xaxis.set_major_locator(mdates.YearLocator(max(1, int(np.ceil(apart / 12)))))
        axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y" if labels else ""))


def time_ticks(axes: Axes, days: float, width_mm: float, labels: bool = True) -> None:
    """Ticks at midnights, and at hours where there is room, for a span of ``days``."""
    per_day = width_mm / max(days, 1e-6)
    every = max(1, int(np.ceil(11.0 / per_day)))
    if days <= 60:
        axes.xaxis.set_major_locator(mdates.DayLocator(interval=every))
        axes.xaxis.set_major_formatter(_day if labels else _nothing)
    else:
        _months(axes, days, width_mm, labels)
        return
    if per_day >= 14:
        step = next(h for h in (3, 6, 12) if per_day * h / 24 >= 5.5 or h == 12)
        axes.xaxis.set_minor_locator(mdates.HourLocator(byhour=range(0, 24, step)))
        axes.xaxis.set_minor_formatter(_hour if labels else _nothing)
        axes.tick_params(axis="x", which="minor", labelsize="x-small")
    elif every == 1:
        axes.xaxis.set_minor_locator(mdates.HourLocator(byhour=(12,)))
    elif every <= 31:
        axes.xaxis.set_minor_locator(mdates.DayLocator())
