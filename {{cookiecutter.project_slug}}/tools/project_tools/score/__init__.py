"""The ML Test Score: how ready for production this repository is, by what its tests show."""
