"""A form of Tk: its title tells what its field holds, and how often its button
was pressed."""

import tkinter

window = tkinter.Tk()
window.geometry("400x200+600+100")
# The cursor that blinks is never still.
window.option_add("*insertOffTime", 0)
text = tkinter.StringVar()
presses = 0


def show(*_):
    window.title(f"Form: {text.get()} / {presses}")


def count():
    global presses
    presses += 1
    show()


text.trace_add("write", show)
entry = tkinter.Entry(window, width=30, textvariable=text)
entry.pack(padx=20, pady=20)
# The window has the keyboard before this part of it has.
entry.focus_set()
tkinter.Button(window, text="Count", command=count).pack()
show()
window.mainloop()
