# Tells what can change the pixels of what this display shows: the fonts that its
# programs have opened, the libraries that draw for them, and how text is smoothed.
# One thing a line, `name: value`. What a machine cannot tell is left out.

# The programs of this display, and every file that they have mapped.
programs=$(grep -lsxz "DISPLAY=$DISPLAY" /proc/[0-9]*/environ | sed 's/environ$//')
mapped=$(printf '%s\n' "$programs" | sed 's/$/maps/' | xargs cat 2>/dev/null |
  sed -n 's/^[^/]*//p' | sort -u)

# The fonts, by the family that was asked for, or by their own names.
font() { fc-query -f '%{fullname[0]}|%{fontversion}\n' "$1" 2>/dev/null | head -n 1; }
version() {
  awk -F'|' '{
    version = sprintf("%.3f", $2 / 65536)
    sub(/\.?0*$/, "", version)
    print name ": " before version
  }' before="$1" name="$2"
}
fonts=$(printf '%s\n' "$mapped" | grep -E '\.(ttf|otf|ttc)$')
for family in sans serif monospace; do
  file=$(fc-match -f '%{file}' "$family" 2>/dev/null)
  printf '%s\n' "$fonts" | grep -Fqx "$file" || continue
  told=$(font "$file") && echo "$told" | version "${told%|*} " "$family"
  fonts=$(printf '%s\n' "$fonts" | grep -Fvx "$file")
done
printf '%s\n' "$fonts" | while read -r file; do
  told=$(font "$file") && [ -n "$told" ] && echo "$told" | version '' "font ${told%|*}"
done

# How text is smoothed.
fc-match -f 'antialiasing: %{antialias}
hinting: %{hinting} %{hintstyle}
subpixels: %{rgba}
' sans 2>/dev/null | sed \
  -e '/^antialiasing/ { s/True/on/; s/False/off/; }' \
  -e '/^hinting/ { s/False.*/none/; s/True //; s/0$/none/; s/1$/slight/; s/2$/medium/; s/3$/full/; }' \
  -e '/^subpixels/ { s/[05]$/none/; s/1$/rgb/; s/2$/bgr/; s/3$/vertical rgb/; s/4$/vertical bgr/; }'

[ -z "$GTK_THEME" ] || echo "theme: $GTK_THEME"

# What draws: the version of each one's package, or else that in its file's name.
drawing=$(printf '%s\n' "$mapped" | sed -n \
  -e 's:^.*/libgtk-3\.so\.[0-9.]*$:GTK 3|&:p' \
  -e 's:^.*/libgtk-4\.so\.[0-9.]*$:GTK 4|&:p' \
  -e 's:^.*/libQt5Gui\.so\.[0-9.]*$:Qt 5|&:p' \
  -e 's:^.*/libQt6Gui\.so\.[0-9.]*$:Qt 6|&:p' \
  -e 's:^.*/libcairo\.so\.[0-9.]*$:Cairo|&:p' \
  -e 's:^.*/libpango-1\.0\.so\.[0-9.]*$:Pango|&:p' \
  -e 's:^.*/libharfbuzz\.so\.[0-9.]*$:HarfBuzz|&:p' \
  -e 's:^.*/libfreetype\.so\.[0-9.]*$:FreeType|&:p' \
  -e 's:^\(.*/icons/\([^/]*\)/\)icon-theme\.cache$:icons \2|\1index.theme:p' \
  -e 's:^.*/bin/\(xfwm4\|openbox\|xfce4-panel\|xfdesktop\)$:\1|&:p')
files=$(printf '%s\n' "$drawing" | sed 's/.*|//')
owners=$(printf '%s\n' "$files" | xargs dpkg-query -S 2>/dev/null)
packages=$(printf '%s\n' "$owners" | sed 's/: .*//' | sort -u)
{
  printf '%s\n' "$packages" | xargs dpkg-query -W -f 'version|${binary:Package}|${Version}\n' 2>/dev/null
  printf '%s\n' "$owners" | sed 's/^\([^ ]*\): /owner|\1|/'
  printf '%s\n' "$drawing" | sed 's/^/draws|/'
} | awk -F'|' '
  $1 == "version" { version[$2] = $3 }
  $1 == "owner" { owner[$3] = $2 }
  $1 == "draws" {
    found = version[owner[$3]]
    if (!found && match($3, /\.so\.[0-9.]*$/)) found = substr($3, RSTART + 4)
    if (found) print $2 ": " found
  }'
exit 0
