"""The type of the columns of numbers that measures take and give."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
