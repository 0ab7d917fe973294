"""How far two results are from each other."""

import numpy as np


def worst_error(result: np.ndarray, expected: np.ndarray) -> float:
    """max |result - expected| / max |expected|; infinite where shapes, infinities or NaNs differ.

    Where everything expected is 0, the error is absolute.
    """
    if result.shape != expected.shape:
        return float("inf")
    if expected.size == 0:
        return 0.0
    finite = np.isfinite(expected)
    if not np.array_equal(finite, np.isfinite(result)):
        return float("inf")
    if not np.array_equal(result[~finite], expected[~finite], equal_nan=True):
        return float("inf")
    if not finite.any():
        return 0.0
    a, b = result[finite].astype(np.float64), expected[finite].astype(np.float64)
    largest = np.abs(b).max()
    return float(np.abs(a - b).max() / (largest if largest > 0 else 1.0))


def cosine(result: np.ndarray, expected: np.ndarray) -> float:
    """Cosine of the angle between two results taken as vectors; 1 where both are zero, 0 where shapes differ."""
    if result.shape != expected.shape:
        return 0.0
    finite = np.isfinite(expected)
    a, b = result[finite].astype(np.float64).ravel(), expected[finite].astype(np.float64).ravel()
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    if norms == 0:
        return float(np.linalg.norm(a) == np.linalg.norm(b))
    return float(a @ b / norms)


def unmatched_detections(result: np.ndarray, expected: np.ndarray, limit: float = 1e-3) -> int:
    """Rows [.., 7] of image, class, score and corners that the other side lacks within `limit`.

    Runtimes order equal scores differently. A row of image -1, or of zeros, ends a list.
    """

    def rows(array):
        found = array.reshape(-1, 7)
        ends = np.flatnonzero((found[:, 0] < 0) | ~found.any(1))
        return found[: ends[0]] if ends.size else found

    a, b = rows(result), list(rows(expected))
    missing = 0
    for row in a:
        near = next((i for i, other in enumerate(b) if np.abs(row - other).max() <= limit), None)
        if near is None:
            missing += 1
        else:
            b.pop(near)
    return missing + len(b)
