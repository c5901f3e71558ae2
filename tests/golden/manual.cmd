# The manual page and the completion say what the help says.
$REMIT manual | sed -n '1,35p'
test $($REMIT manual | grep -c '^.TP') -gt 30 && echo has all
eval "$($REMIT completion)"; COMP_WORDS=(remit ch); COMP_CWORD=1; _remit; echo "${COMPREPLY[@]}"
eval "$($REMIT completion)"; COMP_WORDS=(remit check --fo); COMP_CWORD=2; _remit; echo "${COMPREPLY[@]}"
eval "$($REMIT completion)"; COMP_WORDS=(remit check --format m); COMP_CWORD=3; _remit; echo "${COMPREPLY[@]}"
eval "$($REMIT completion)"; COMP_WORDS=(remit test --format j); COMP_CWORD=3; _remit; echo "${COMPREPLY[@]}"
eval "$($REMIT completion)"; COMP_WORDS=(remit test --coverage f); COMP_CWORD=3; _remit; echo "${COMPREPLY[@]}"
remit help test
remit manual check
eval "$($REMIT completion)"; COMP_WORDS=(remit lint --rule unused_); COMP_CWORD=3; _remit; echo "${COMPREPLY[@]}"
