"""Fills missing pixels of photographs by methods of other libraries: one JSON object a line in, one out.

The first line out names the libraries and the methods that can be used here; what is absent is told on standard
error. A request has "method", "rows", "columns", "image" (a flat list of samples 0...1, row by row, the channels
of a pixel side by side, 0 where it is missing) and "missing" (a flat list of 0 and 1); the answer has "image".
"""

import json
import sys

try:
    import numpy as np
except ImportError:
    sys.exit("NumPy is not installed")

versions, methods = [f"NumPy {np.__version__}"], {}


def opencv(flag):
    def fill(image, missing):
        colors = np.rint(image * 255).astype(np.uint8)
        colors = colors[..., 0] if image.shape[2] == 1 else colors
        return cv2.inpaint(np.ascontiguousarray(colors), missing.astype(np.uint8), 3, flag).reshape(image.shape) / 255
    return fill


def linear(image, missing):
    """Linear interpolation in Delaunay triangles of the known pixels, and the nearest of them beyond."""
    known = np.argwhere(~missing)
    filled = image.copy()
    holes = np.argwhere(missing)
    values = LinearNDInterpolator(known, image[~missing])(holes)
    outside = np.isnan(values).any(1)
    if outside.any():
        values[outside] = NearestNDInterpolator(known, image[~missing])(holes[outside])
    filled[missing] = values
    return filled


def biharmonic(image, missing):
    """The biharmonic equation with the known pixels as its boundary."""
    return inpaint_biharmonic(image, missing, channel_axis=-1)


def skip(method, reason):
    print(f"skipped: {method}: {reason}", file=sys.stderr, flush=True)


try:
    import cv2

    versions.append(f"OpenCV {cv2.__version__}")
    methods["telea"], methods["navier_stokes"] = opencv(cv2.INPAINT_TELEA), opencv(cv2.INPAINT_NS)
except ImportError:
    skip("telea, navier_stokes", "OpenCV is not installed (opencv-python-headless)")
try:
    import scipy
    from scipy.interpolate import LinearNDInterpolator, NearestNDInterpolator

    versions.append(f"SciPy {scipy.__version__}")
    methods["linear"] = linear
except ImportError:
    skip("linear", "SciPy is not installed")
try:
    import skimage
    from skimage.restoration import inpaint_biharmonic

    versions.append(f"scikit-image {skimage.__version__}")
    methods["biharmonic"] = biharmonic
except ImportError:
    skip("biharmonic", "scikit-image is not installed")

print(json.dumps({"version": ", ".join(versions), "methods": list(methods)}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    missing = np.array(request["missing"], bool).reshape(request["rows"], request["columns"])
    image = np.array(request["image"], float).reshape(request["rows"], request["columns"], -1)
    filled = methods[request["method"]](image, missing)
    answer = np.where(missing[..., None], np.clip(filled, 0, 1), image)
    print(json.dumps({"image": answer.reshape(-1).round(7).tolist()}), flush=True)
