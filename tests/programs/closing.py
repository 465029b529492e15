"""A window of Tk that is asked to close: it does so `late`, or `never`."""

import sys
import tkinter

LATE = 1200

window = tkinter.Tk()
window.title("Stays")
window.geometry("300x200+300+200")


def asked():
    if sys.argv[1] == "late":
        window.after(LATE, window.destroy)
    else:
        window.title("Stays open")


window.protocol("WM_DELETE_WINDOW", asked)
window.mainloop()
