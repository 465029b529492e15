"""A window of Tk with a part for each thing that a click can meet. Its title tells
what was done last."""

import tkinter
from tkinter import messagebox

window = tkinter.Tk()
window.geometry("420x320+600+100")
window.option_add("*insertOffTime", 0)
window.option_add("*font", "{DejaVu Sans} 12")
window.title("Parts")
window.entry = tkinter.Entry(window, width=30)


def done(what):
    window.title(f"Parts: {what}")


def ask():
    done("answered yes" if messagebox.askyesno("Question", "Is it so?") else "answered no")


def open_other():
    other = tkinter.Toplevel(window)
    other.title("Other")
    other.geometry("300x120+100+500")
    tkinter.Button(other, text="Shut", command=other.destroy).pack(pady=30)


menu = tkinter.Menu(window, tearoff=False)
entries = tkinter.Menu(menu, tearoff=False)
entries.add_command(label="Choose", command=lambda: done("chosen"))
menu.add_cascade(label="Entries", menu=entries)
window.config(menu=menu)

window.entry.pack(pady=5)
tkinter.Button(window, text="Question", command=ask).pack()
tkinter.Button(window, text="Other", command=open_other).pack()
colour = tkinter.StringVar(value="Colour")
tkinter.OptionMenu(
    window, colour, "Green", "Violet", command=lambda value: done(value.lower())
).pack()

# Something that is never still.
spinner = tkinter.Canvas(window, width=80, height=80, background="white")
arc = spinner.create_arc(10, 10, 70, 70, extent=90, fill="black")
spinner.bind("<Button-1>", lambda _: done("caught"))
spinner.pack()


def turn(angle=0):
    spinner.itemconfig(arc, start=angle)
    window.after(30, turn, (angle + 20) % 360)


turn()
window.mainloop()
