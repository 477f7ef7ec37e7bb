# bash completion for dpcm-latency: asks its help, so that the two cannot differ
_dpcm_latency()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb=${COMP_WORDS[1]} tool=${COMP_WORDS[0]}
	local words='' dir

	COMPREPLY=()
	if ((COMP_CWORD == 1)) || [[ $verb == help ]]; then
		words=$("$tool" help 2>/dev/null | awk '/^commands:/ { on = 1; next } !NF { on = 0 } on { print $1 }')
	elif [[ $prev == --config || $prev == -c ]]; then
		dir=${DPCM_TRACE_CONFIGS:-$(dirname "$(type -P "$tool")")/../share/dpcm-latency/trace-configs}
		words=$(cd "$dir" 2>/dev/null && echo ./* | sed 's|\./||g')
	elif [[ $prev == --* ]]; then
		words=$("$tool" help "$verb" 2>/dev/null | awk -v o="$prev" '$1 == o && $2 ~ /\|/ { gsub(/\|/, " ", $2); print $2 }')
	fi
	if [[ -z $words && $cur == -* ]]; then
		words=$("$tool" help "$verb" 2>/dev/null | awk '$1 ~ /^--/ { print $1 }')
	fi
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
	fi
}
complete -o filenames -F _dpcm_latency dpcm-latency
