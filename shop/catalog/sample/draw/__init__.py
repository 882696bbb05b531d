"""The pictures of the sample range, drawn as vectors and kept as renditions (`make pictures`)."""
