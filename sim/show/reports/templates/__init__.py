"""The templates of the report family; a package, so that they are installed with the code."""
