"""A window that is on the screen well before its program draws anything."""

import time
import tkinter

BUSY = 1.2

window = tkinter.Tk()
window.title("Late")
tkinter.Label(window, text="Painted", font="{DejaVu Sans} 24").pack(padx=80, pady=80)
# Tk draws a part when it is idle, so nothing is drawn before this returns.
window.bind("<Map>", lambda event: event.widget is window and time.sleep(BUSY))
window.mainloop()
