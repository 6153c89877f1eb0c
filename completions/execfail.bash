# bash completion for execfail                                  -*- shell-script -*-
# shellcheck shell=bash

# What is between the marks is written by `make docs`.
# begin words
_execfail_options='--all --as-user --cgroup --color --container --comm --duration --event --fail --fields --fold --filter --max-size --no-env --count --output --pid --repeats --show-secrets --summary --time --unit --user --wide --write --btf --buffer --hooks --nice --no-seccomp --transport --doctor --list-fields --list-reasons --quiet --verbose --help --version'
_execfail_events='process_execute_failed process_start_failed security_bprm_check sched_process_exec execve execveat failures all help'
_execfail_fields='path binary.path binary.device_id binary.inode_number binary.ctime binary.ctime_ns binary.inode_mode interpreter_path stdin_type stdin_mode stdin_path kernel_invoked environment arguments event time host schema_version count syscall ret errno stage exit_code stderr_path signal security_hook interpreter_level check_only caused_by reason hint evidence pid tid ppid ns_pid uid gid euid user loginuid comm prev_comm exe cwd tty ancestors mnt_ns pid_ns cgroup container pod_uid unit user_unit dirfd dirfd_path flags argc envc interp interpreter_pathname interpreter_dev interpreter_inode interpreter_ctime attempts repeat_count first_time last_time truncated unreadable read_afterwards raw binary_source'
_execfail_output='table json logfmt ecs otel journal github'
_execfail_hooks='auto fentry kprobe legacy tracepoint'
_execfail_transport='auto ringbuf perfbuf'
_execfail_color='auto always never'
_execfail_time='local utc relative delta'
_execfail_fold='auto on off'
_execfail_list_reasons='markdown'
_execfail_explain='--user --pid --unit --container --root --cwd --output --quiet'
_execfail_check='--root --machine --output --quiet'
# end words

_execfail_from() { # words
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# One of several, separated by commas.
_execfail_list() { # words
	local before=
	[[ $cur != *,* ]] || before=${cur%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur##*,}")
}

# What stands behind explain and check.
_execfail_job() { # job
	local options=_execfail_$1
	# "--root=/x" are three words to bash.
	[ "$option" != = ] || option=${COMP_WORDS[COMP_CWORD - 2]}
	[ "$cur" != = ] || cur=
	case $option in
	-u | --user) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
	-p | --pid) _execfail_from "$(cd /proc && echo [0-9]*)" ;;
	-o | --output) _execfail_from "table json$([ "$1" != check ] || echo ' sarif')" ;;
	--root | --cwd) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	--unit | --container | --machine) ;;
	*)
		if [[ $cur == -* ]]; then
			_execfail_from "${!options}"
		elif [ "$1" = check ]; then
			mapfile -t COMPREPLY < <(compgen -d -- "$cur")
		else
			mapfile -t COMPREPLY < <(compgen -c -- "$cur" && compgen -f -- "$cur")
		fi
		;;
	esac
}

_execfail() {
	local i cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--) ;;
		explain | check)
			_execfail_job "${COMP_WORDS[i]}"
			return
			;;
		*) continue ;;
		esac
		# bash-completion's own, where it is loaded, knows how the command's arguments complete.
		if declare -F _command_offset >/dev/null; then
			_command_offset $((i + 1))
		else
			mapfile -t COMPREPLY < <(compgen -c -- "$cur")
		fi
		return
	done
	# "--hooks=kp" are three words to bash.
	case $option in
	=) option=${COMP_WORDS[COMP_CWORD - 2]} ;;
	# Their values may be left out, and come behind the sign alone.
	--summary | --list-reasons) [ "$cur" = = ] || option= ;;
	esac
	[ "$cur" != = ] || cur=
	case $option in
	-e | --event) _execfail_list "$_execfail_events" ;;
	-f | --filter) _execfail_from "$_execfail_fields" ;;
	-p | --pid) _execfail_list "$(cd /proc && echo [0-9]*)" ;;
	-u | --user) mapfile -t COMPREPLY < <(compgen -u -- "$cur") ;;
	-o | --output) _execfail_from "$_execfail_output help" ;;
	--fields | --summary) _execfail_list "$_execfail_fields" ;;
	--hooks) _execfail_from "$_execfail_hooks" ;;
	--transport) _execfail_from "$_execfail_transport" ;;
	--color) _execfail_from "$_execfail_color" ;;
	--time) _execfail_from "$_execfail_time" ;;
	--fold) _execfail_from "$_execfail_fold" ;;
	--list-reasons) _execfail_from "$_execfail_list_reasons" ;;
	--btf | -w | --write) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	--buffer | --unit | --container | --comm | -c | -d | --duration | -n | --count | --nice | --repeats) ;;
	--cgroup) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	*) _execfail_from "$_execfail_options explain check --" ;;
	esac
}

complete -o default -F _execfail execfail
