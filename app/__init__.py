"""An open API that compares US health information programs."""

import gc

# loading makes half a million objects that stay: to look through them again and again for what
# nobody holds any more would be a fifth of every start, and goes on with every large answer
gc.set_threshold(50_000, 20, 50)
