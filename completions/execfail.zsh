#compdef execfail
# zsh completion for execfail; what is between the marks is written by `make docs`.

# begin zsh
_execfail_itself=(
	'--all[Each failed exec by itself  --fold=off --repeats=off]'
	'--as-user=-[Start COMMAND as who called sudo, or as that user]::value: '
	'--cgroup=[Only these control groups and what is below]:value:_files -/'
	'--color=[auto (default), always or never]:value:(auto always never)'
	'--container=[Only containers whose ids begin so]:value: '
	'-c+[Only callers of these names, patterns such as cron*]:value: '
	'--comm=[Only callers of these names, patterns such as cron*]:value: '
	'-d+[End after that time  seconds, or with a unit as in 500ms, 10s, 5m, 1h]:value: '
	'--duration=[End after that time  seconds, or with a unit as in 500ms, 10s, 5m, 1h]:value: '
	'-e+[Events, separated by commas; all,-NAME  all but that; several add up; help lists them (default failures)]:value:_values -s , value process_execute_failed process_start_failed security_bprm_check sched_process_exec execve execveat failures all'
	'--event=[Events, separated by commas; all,-NAME  all but that; several add up; help lists them (default failures)]:value:_values -s , value process_execute_failed process_start_failed security_bprm_check sched_process_exec execve execveat failures all'
	'--fail[With COMMAND  exit with 3 when it succeeded, and an event was shown]'
	'--fields=[Columns of the table, or keys of JSON, in this order; --list-fields lists them]:value:_values -s , value path binary.path binary.device_id binary.inode_number binary.ctime binary.ctime_ns binary.inode_mode interpreter_path stdin_type stdin_mode stdin_path kernel_invoked environment arguments event time host schema_version count syscall ret errno stage exit_code stderr_path signal security_hook interpreter_level check_only caused_by reason hint evidence pid tid ppid ns_pid uid gid euid user loginuid comm prev_comm exe cwd tty ancestors mnt_ns pid_ns cgroup container pod_uid unit user_unit dirfd dirfd_path flags argc envc interp interpreter_pathname interpreter_dev interpreter_inode interpreter_ctime attempts repeat_count first_time last_time truncated unreadable read_afterwards raw binary_source'
	'--fold=[Searches through PATH as one event, none if they succeed  auto (default; in the table), on or off]:value:(auto on off)'
	'-f+[Only events for which it holds  errno=EACCES,EPERM path!=/tmp/* hint~regex uid>=1000 unit !tty; several  all]:value:(path binary.path binary.device_id binary.inode_number binary.ctime binary.ctime_ns binary.inode_mode interpreter_path stdin_type stdin_mode stdin_path kernel_invoked environment arguments event time host schema_version count syscall ret errno stage exit_code stderr_path signal security_hook interpreter_level check_only caused_by reason hint evidence pid tid ppid ns_pid uid gid euid user loginuid comm prev_comm exe cwd tty ancestors mnt_ns pid_ns cgroup container pod_uid unit user_unit dirfd dirfd_path flags argc envc interp interpreter_pathname interpreter_dev interpreter_inode interpreter_ctime attempts repeat_count first_time last_time truncated unreadable read_afterwards raw binary_source)'
	'--filter=[Only events for which it holds  errno=EACCES,EPERM path!=/tmp/* hint~regex uid>=1000 unit !tty; several  all]:value:(path binary.path binary.device_id binary.inode_number binary.ctime binary.ctime_ns binary.inode_mode interpreter_path stdin_type stdin_mode stdin_path kernel_invoked environment arguments event time host schema_version count syscall ret errno stage exit_code stderr_path signal security_hook interpreter_level check_only caused_by reason hint evidence pid tid ppid ns_pid uid gid euid user loginuid comm prev_comm exe cwd tty ancestors mnt_ns pid_ns cgroup container pod_uid unit user_unit dirfd dirfd_path flags argc envc interp interpreter_pathname interpreter_dev interpreter_inode interpreter_ctime attempts repeat_count first_time last_time truncated unreadable read_afterwards raw binary_source)'
	'--max-size=[With -w  write no more than that, as in 500K, 10M, 2G; what comes then is only counted]:value: '
	'--no-env[Do not collect environments]'
	'-n+[End after so many events]:value: '
	'--count=[End after so many events]:value: '
	'-o+[table (default), json, logfmt, ecs, otel, journal or github; help lists them]:value:(table json logfmt ecs otel journal github)'
	'--output=[table (default), json, logfmt, ecs, otel, journal or github; help lists them]:value:(table json logfmt ecs otel journal github)'
	'-p+[Only these processes and all their descendants, until the last of them has gone]:value:_pids'
	'--pid=[Only these processes and all their descendants, until the last of them has gone]:value:_pids'
	'--repeats=[Count what comes again, and say so that often  off, or seconds (default 10 in the table, off elsewhere)]:value: '
	'--show-secrets[Do not mask passwords, tokens and keys]'
	'--summary=-[Count, by these fields, instead of telling each  at the end, and each second on a terminal]::value:_values -s , value path binary.path binary.device_id binary.inode_number binary.ctime binary.ctime_ns binary.inode_mode interpreter_path stdin_type stdin_mode stdin_path kernel_invoked environment arguments event time host schema_version count syscall ret errno stage exit_code stderr_path signal security_hook interpreter_level check_only caused_by reason hint evidence pid tid ppid ns_pid uid gid euid user loginuid comm prev_comm exe cwd tty ancestors mnt_ns pid_ns cgroup container pod_uid unit user_unit dirfd dirfd_path flags argc envc interp interpreter_pathname interpreter_dev interpreter_inode interpreter_ctime attempts repeat_count first_time last_time truncated unreadable read_afterwards raw binary_source'
	'--time=[Times in the table  local (default), utc, relative (to the start) or delta (to the row before)]:value:(local utc relative delta)'
	'--unit=[Only these units of systemd, patterns]:value: '
	'-u+[Only these users (uid or euid)]:value:_users'
	'--user=[Only these users (uid or euid)]:value:_users'
	'--wide[Do not cut rows to the terminal s width]'
	'-w+[Write there instead of to standard output  so COMMAND has that to itself]:value:_files'
	'--write=[Write there instead of to standard output  so COMMAND has that to itself]:value:_files'
	'--btf=[Types of this kernel, if it has none of its own]:value:_files'
	'--buffer=[Room for events not yet read (default 16M)]:value: '
	'--hooks=[auto (default), fentry, kprobe, legacy or tracepoint]:value:(auto fentry kprobe legacy tracepoint)'
	'--nice=[Priority of reading events, from -20 (default) to 19]:value: '
	'--no-seccomp[With fentry, do without what seccomp filters deny  for sandboxes that make very many system calls]'
	'--transport=[auto (default), ringbuf or perfbuf]:value:(auto ringbuf perfbuf)'
	'--doctor[Say what this kernel lets us see, and exit]'
	'--list-fields=-[List the fields of events, and exit]::value: '
	'--list-reasons=-[List the reasons of failures, and exit]::value:(markdown)'
	'-q[Say nothing on stderr but what goes wrong]'
	'--quiet[Say nothing on stderr but what goes wrong]'
	'-v[Say more on stderr; twice  still more]'
	'--verbose[Say more on stderr; twice  still more]'
	'-h[Print this help, and exit]'
	'--help[Print this help, and exit]'
	'-V[Print the version, and exit]'
	'--version[Print the version, and exit]'
)
_execfail_explain=(
	'-u+[As that user  its ids and groups, no capabilities]:value:_users'
	'--user=[As that user  its ids and groups, no capabilities]:value:_users'
	'-p+[As that process  its root, mounts, directory, user, capabilities, environment]:value:_pids'
	'--pid=[As that process  its root, mounts, directory, user, capabilities, environment]:value:_pids'
	'--unit=[As that service of systemd would, by what systemctl show says; it need not run]:value: '
	'--container=[As the first process of that container, by the beginning of its id]:value: '
	'--root=[With that directory as the root]:value:_files -/'
	'--cwd=[With that working directory, from the root]:value:_files -/'
	'-o+[table (default) or json; check also has sarif]:value:(table json)'
	'--output=[table (default) or json; check also has sarif]:value:(table json)'
	'-q[Say nothing on stderr but what goes wrong]'
	'--quiet[Say nothing on stderr but what goes wrong]'
)
_execfail_check=(
	'--root=[With that directory as the root]:value:_files -/'
	'--machine=[For machines of that kind (uname -m); default is that of the root s own shell]:value: '
	'-o+[table (default) or json; check also has sarif]:value:(table json sarif)'
	'--output=[table (default) or json; check also has sarif]:value:(table json sarif)'
	'-q[Say nothing on stderr but what goes wrong]'
	'--quiet[Say nothing on stderr but what goes wrong]'
)
# end zsh

_execfail_job() { # job argument
	local -a options=("${(@P)1}")
	shift words
	((CURRENT--))
	_arguments -s -S $options $2
}

case ${words[2]} in
explain) _execfail_job _execfail_explain '*:program:{ _command_names -e; _files }' ;;
check) _execfail_job _execfail_check '*:directory:_files -/' ;;
*) _arguments -s -S $_execfail_itself '1:job:(explain check)' '*::command:_normal' ;;
esac
