"""English, read in many countries: the day before the month's name, hours to 24."""
