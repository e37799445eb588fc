"""What pyproject.toml cannot say: folders of a clone that are data of the installed package."""

from setuptools import find_packages, setup

SHIPPED = {
    "standdown.shipped.scenarios": "scenarios",
    "standdown.shipped.seeds": "seeds",
    "standdown.shipped.reference": "results/reference",
}
"""Package to folder. They hold no code; `sim/inputs/shipped.py` finds them in either place."""

setup(
    packages=[*find_packages(include=["sim*", "standdown"]), *SHIPPED],
    package_dir=SHIPPED,
)
