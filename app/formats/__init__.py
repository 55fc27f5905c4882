"""Files that other programs read: tables in, bytes out; one module a format, no database and no clock."""
