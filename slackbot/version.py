"""Which bot this is; the build reads it here too."""

VERSION = "0.1.0"
