"""Fills missing pixels by methods of other libraries: one JSON object a line in, one out.

Argument: a file of training images (IDX, gzipped or not), or nothing. The first line out names the libraries and the
methods that can be used here; what is absent is told on standard error. A request has "method",
"images" (flat lists of grey levels 0...1, 0 where a pixel is missing), "known" (flat lists of 0 and 1) and
"columns"; the answer has "images".
"""

import gzip
import json
import struct
import sys

try:
    import numpy as np
except ImportError:
    sys.exit("NumPy is not installed")

versions, methods = [f"NumPy {np.__version__}"], {}


def telea(images, known, columns):
    """Fast marching (Telea, 2004) from a radius of three pixels."""
    filled = []
    for image, mask in zip(images, known):
        grey = np.rint(image * 255).astype(np.uint8).reshape(-1, columns)
        hole = (~mask).astype(np.uint8).reshape(-1, columns)
        filled.append(cv2.inpaint(grey, hole, 3, cv2.INPAINT_TELEA).reshape(-1) / 255)
    return filled


def biharmonic(images, known, columns):
    """The biharmonic equation with the known pixels as its boundary."""
    return [inpaint_biharmonic(image.reshape(-1, columns), ~mask.reshape(-1, columns)).reshape(-1)
            for image, mask in zip(images, known)]


def nearest(images, known, columns):
    """The missing pixels of the training image that is nearest in the known ones."""
    # The sum over the known pixels of t^2 - 2 t x; their x^2 is the same for all training images t.
    distances = squares @ known.T.astype(np.float32)
    distances -= 2 * (training @ (images * known).T.astype(np.float32))
    return training[np.argmin(distances, 0)]


def gaussian(images, known, columns):
    """The conditional mean under a normal distribution with the training images' mean and covariance."""
    filled, weights = [], {}
    for image, mask in zip(images, known):
        key = mask.tobytes()
        if key not in weights:
            if len(weights) == 8:
                weights.clear()
            weights[key] = np.linalg.solve(covariance[np.ix_(mask, mask)], covariance[np.ix_(mask, ~mask)])
        answer = image.copy()
        answer[~mask] = mean[~mask] + (image[mask] - mean[mask]) @ weights[key]
        filled.append(answer)
    return filled


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    _, count, rows, columns = struct.unpack(">IIII", data[:16])
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, rows * columns)


def skip(method, reason):
    print(f"skipped: {method}: {reason}", file=sys.stderr, flush=True)


try:
    import cv2

    versions.append(f"OpenCV {cv2.__version__}")
    methods["telea"] = telea
except ImportError:
    skip("telea", "OpenCV is not installed (opencv-python-headless)")
try:
    import skimage
    from skimage.restoration import inpaint_biharmonic

    versions.append(f"scikit-image {skimage.__version__}")
    methods["biharmonic"] = biharmonic
except ImportError:
    skip("biharmonic", "scikit-image is not installed")
if len(sys.argv) > 1:
    training = read(sys.argv[1]).astype(np.float32) / np.float32(255)
    squares = training * training
    mean = training.mean(0, dtype=np.float64)
    centred = (training - mean).astype(np.float32)
    covariance = (centred.T @ centred).astype(np.float64) / len(training) + 1e-6 * np.eye(training.shape[1])
    methods["nearest"], methods["gaussian"] = nearest, gaussian
else:
    skip("nearest, gaussian", "no training images were named")

print(json.dumps({"version": ", ".join(versions), "methods": list(methods)}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    images, known = np.array(request["images"], float), np.array(request["known"], bool)
    filled = methods[request["method"]](images, known, request["columns"])
    answer = np.where(known, images, np.clip(filled, 0, 1))
    print(json.dumps({"images": answer.tolist()}), flush=True)
