"""The sample range: what a rehearsal sells, and no part of the shop itself."""
