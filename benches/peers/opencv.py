"""OpenCV as the peer of `benches/find.rs`.

Reads requests from standard input: a line, and after `screen` and `needle` the
picture itself, as RGB, 8 bits a channel, row by row:

    screen WIDTH HEIGHT
    needle WIDTH HEIGHT
    find

Answers each `find` with one line: where the needle is, `TM_CCOEFF_NORMED` in
gray there, and the milliseconds that it took to compare all places and to take
the best; making the pictures gray is not counted. The first line says which
OpenCV it is.
"""

import sys
import time

import cv2
import numpy


def picture(stream, width, height):
    data = stream.read(width * height * 3)
    rgb = numpy.frombuffer(data, numpy.uint8).reshape(height, width, 3)
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def find(screen, needle):
    begun = time.perf_counter()
    scores = cv2.matchTemplate(screen, needle, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(scores)
    return x, y, score, (time.perf_counter() - begun) * 1000


def main():
    cv2.setNumThreads(2)
    print("OpenCV", cv2.__version__, flush=True)
    stream = sys.stdin.buffer
    pictures = {}
    for line in iter(stream.readline, b""):
        word, *size = line.decode().split()
        if word == "find":
            x, y, score, took = find(pictures["screen"], pictures["needle"])
            print(x, y, f"{score:.4f} {took:.4f}", flush=True)
        else:
            pictures[word] = picture(stream, *map(int, size))


main()
