"""Questions shown, responses read and marked: values in, values out."""
