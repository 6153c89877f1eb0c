/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why each row of the corpus fails: what execfail must say of it, in this order where a row has several events (one line
 * is for all of them). A row that has events and no line here fails, and so does the house rule about a reason that has none.
 *
 * The hint must have the parts between " ... "; '@' is the row's directory. `tracepoint` is what that family says where
 * the kernel's stage is what it takes to know better: it has no hook inside of the exec. `explain`: for a user who is not
 * root, `execfail explain` gives the same reason.
 */
#ifndef REASONS_H
#define REASONS_H

#include <stdbool.h>
#include <stddef.h>

/* Most rows are the same for all. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct expected_reason {
	const char *reason, *hint;
};

struct reason_case {
	const char *row;
	struct expected_reason usual;
	struct expected_reason tracepoint;
	struct expected_reason before_5_8; /* whose verifier has no room for all that is looked at since */
	struct expected_reason
		too_late; /* of the same family: the caller, or its world, may have gone before anybody looked */
	/* Others may come in the same go, and then not each of them is looked into; of that family, and of the rest. */
	struct expected_reason too_many_tracepoint, too_many;
	bool explain;
};

/* clang-format off */
#define EXPLAIN .explain = true
#define TRACEPOINT(...) .tracepoint = { __VA_ARGS__ }
#define TOO_LATE(...) .too_late = { __VA_ARGS__ }
#define TOO_MANY(...) .too_many = { __VA_ARGS__ }
#define TOO_MANY_TRACEPOINT(...) .too_many_tracepoint = { __VA_ARGS__ }

#define SECCOMP_EPERM TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered EPERM")

static const struct reason_case reason_cases[] = {
	/* --- entry --- */
	{ "path_fault", { "bad_path_pointer", "corpus passed an address for the path" } },
	{ "path_null", { "bad_path_pointer", "corpus passed an address for the path" } },
	{ "path_empty", { "empty_path", "what corpus runs" }, EXPLAIN },
	{ "path_empty_execveat", { "empty_path", "what corpus runs" } },
	{ "path_too_long", { "path_too_long", "longer than 4095 bytes" } },
	{ "process_limit", { "process_limit", "user nobody (65534) ... its limit of 0 (RLIMIT_NPROC" } },
	{ "execveat_unknown_flag", { "bad_flags", "the flags 0x40000000 of execveat" } },

	/* --- seccomp --- */
	{ "seccomp_eperm", { "seccomp_errno", "a seccomp filter of corpus ... answered EPERM" }, SECCOMP_EPERM },
	{ "seccomp_enosys", { "seccomp_errno", "a seccomp filter of corpus ... answered ENOSYS" } },
	{ "seccomp_execveat", { "seccomp_errno", "a seccomp filter of corpus ... answered EACCES" },
	  TRACEPOINT("lsm_denied", "a security module or a seccomp filter likely did") },
	{ "seccomp_nothing", { "seccomp_pretended", "filter of corpus let the call return" } },
	{ "seccomp_kill_process", { "seccomp_killed", "filter of corpus ... SIGSYS" } },
	{ "seccomp_kill_thread", { "seccomp_killed", "filter of corpus ... SIGSYS" } },
	{ "seccomp_trap", { "seccomp_killed", "filter of corpus ... SIGSYS" } },
	{ "seccomp_trace", { "seccomp_errno", "a seccomp filter of corpus ... answered ENOSYS" } },
	{ "seccomp_supervisor", { "seccomp_errno", "a seccomp filter of corpus ... answered EPERM" }, SECCOMP_EPERM },

	{ "seccomp_supervisor_value", { "seccomp_pretended", "filter of corpus let the call return" } },
	{ "seccomp_largest_errno", { "seccomp_errno", "a seccomp filter of corpus ... answered E4095" } },

	{ "seccomp_eio", { "seccomp_errno", "a seccomp filter of corpus answered EIO" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered EIO") },
	{ "seccomp_etxtbsy", { "seccomp_errno", "a seccomp filter of corpus answered ETXTBSY" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered ETXTBSY") },
	{ "seccomp_enfile", { "seccomp_errno", "a seccomp filter of corpus answered ENFILE" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered ENFILE") },
	{ "seccomp_enomem", { "seccomp_errno", "a seccomp filter of corpus answered ENOMEM" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered ENOMEM") },
	{ "seccomp_enotconn", { "seccomp_errno", "a seccomp filter of corpus answered ENOTCONN" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered ENOTCONN") },
	{ "seccomp_eagain", { "seccomp_errno", "a seccomp filter of corpus answered EAGAIN" },
	  TRACEPOINT("seccomp_errno", "a seccomp filter of corpus likely answered EAGAIN") },
	{ "seccomp_enoent", { "seccomp_errno", "a seccomp filter of corpus answered ENOENT" },
	  TRACEPOINT("changed_since", "@/program could not be found, but is there now ... or a seccomp filter of corpus answered") },
	{ "call_emulated", { "call_not_made", "corpus has no seccomp filter ... tracer (ptrace)" } },

	/* --- lookup --- */
	{ "missing_file", { "missing_file", "@/none does not exist" }, EXPLAIN },
	{ "missing_directory", { "missing_directory", "@/no/such/program ... there is no directory @/no" }, EXPLAIN },
	{ "missing_relative", { "missing_file", "./none does not exist: there is no @/none" } },
	{ "dangling_symlink", { "dangling_symlink", "@/link leads to @/none" }, EXPLAIN },
	{ "dangling_symlink_on_the_way", { "dangling_symlink", "@/link leads to none" }, EXPLAIN },
	{ "path_crlf", { "path_crlf", "@/program\\r\" ends in a carriage return" }, EXPLAIN },
	{ "removed_directory", { "removed_cwd", "program is relative to @/gone" } },
	{ "file_as_directory", { "not_a_directory", "@/program is not a directory ... @/program/inside" }, EXPLAIN },
	{ "trailing_slash", { "not_a_directory", "@/program/ ends in a slash" }, EXPLAIN },
	{ "longest_path", { "missing_file", "there is no @/none" } },
	{ "component_too_long", { "name_too_long", "nnnnnnnn ... has 256 bytes ... 255" }, EXPLAIN },
	{ "symlink_cycle", { "symlink_loop", "lead in a circle ... points to @/" }, EXPLAIN },
	{ "symlinks_too_many", { "symlink_loop", "@/40 leads through more than 40 symbolic links" }, EXPLAIN },
	{ "nosymfollow_mount", { "nosymfollow_mount", "the link @/mount/link on the way to @/mount/link ... @/mount (tmpfs, execfail), which is mounted nosymfollow" } },
	{ "protected_symlink", { "protected_symlink", "the link @/shared/link (owner 1000) ... @/shared ... fs.protected_symlinks" }, EXPLAIN },
	{ "directory_called_deleted", { "missing_file", "there is no \"@/x (deleted)/none\"" } },
	{ "memory_by_path", { "no_shebang", "/proc/self/fd/ ... is text without a #! line" } },
	{ "no_x_bit", { "no_x_bit", "mode 0644 ... chmod +x @/program" }, EXPLAIN },
	{ "no_x_bit_removed", { "no_x_bit", "mode 0644 ... chmod +x @/program" },
	  TOO_LATE("changed_since", "@/program could not be executed, and does not exist any more"),
	  TOO_MANY("changed_since", "@/program could not be executed, and does not exist any more") },
	{ "access_control_list", { "no_x_bit_for_user", "user nobody (65534) may not execute @/program ... getfacl @/program" }, EXPLAIN },
	{ "command_line", { "command_line", "\"@/program --flag\" does not exist, but @/program does" }, EXPLAIN },
	{ "no_x_bit_user", { "no_x_bit_for_user", "user nobody (65534) may not execute @/program (mode 0744" }, EXPLAIN },
	{ "no_search_permission", { "no_search_permission", "user nobody (65534) ... @/locked (mode 0700, owner 0:0)" }, EXPLAIN },
	{ "directory", { "is_directory", "@/folder is a directory" }, EXPLAIN },
	{ "fifo", { "special_file", "@/fifo is a fifo" }, EXPLAIN },
	{ "socket", { "special_file", "@/socket is a socket" }, EXPLAIN },
	{ "device", { "special_file", "@/null is a device" }, EXPLAIN },
	{ "noexec_mount", { "noexec_mount", "@/noexec/program lies on @/noexec (tmpfs, execfail), which is mounted noexec" } },
	{ "noexec_mount_script", { "noexec_mount", "@/noexec/script lies on @/noexec (tmpfs, execfail), which is mounted noexec" } },
	{ "proc_file", { "virtual_file", "/proc/version lies on /proc (proc, proc)" }, EXPLAIN },
	{ "landlock", { "landlock", "@/program may be executed ... likely ... Landlock" } },
	{ "landlock_gone", { "landlock", "@/program may be executed ... likely ... Landlock" } },
	{ "fanotify", { "fanotify", "opening @/program was likely denied" } },
	{ "fanotify_eio", { "fanotify", "opening @/program was likely answered with EIO by process" } },
	{ "fanotify_eagain", { "fanotify", "opening @/program was likely answered with EAGAIN by process" } },
	{ "fanotify_etxtbsy", { "fanotify", "opening @/program was likely answered with ETXTBSY by process" } },
	{ "fanotify_ebusy", { "fanotify", "opening @/program was likely answered with EBUSY by process" } },
	{ "fanotify_enospc", { "fanotify", "opening @/program was likely answered with ENOSPC by process" } },
	{ "fanotify_user", { "fanotify", "opening @/program was likely answered with EAGAIN by process" } },
	{ "text_busy", { "text_busy", "@/program is open for writing in the caller itself" } },
	{ "text_busy_inherited", { "text_busy", "@/program is open for writing in the caller itself" } },
	{ "text_busy_by_another", { "text_busy", "@/program is open for writing in process" } },
	{ "text_busy_script", { "text_busy", "@/script is open for writing in process" } },
	{ "execveat_missing", { "missing_file", "there is no @/none" } },
	{ "execveat_cwd_missing", { "missing_file", "there is no @/none" } },
	{ "execveat_bad_descriptor", { "bad_descriptor", "corpus has no open descriptor 1000" } },
	{ "execveat_negative_descriptor", { "bad_descriptor", "corpus has no open descriptor -5" } },
	{ "execveat_nofollow", { "link_refused", "link is a symbolic link ... AT_SYMLINK_NOFOLLOW" } },
	{ "execveat_no_x_bit", { "no_x_bit", "mode 0644 ... chmod +x @/file" } },
	{ "execveat_sealed_memory", { "sealed_memfd", "memfd:sealed ... MFD_NOEXEC_SEAL ... vm.memfd_noexec" } },
	{ "execveat_memory_without_x", { "sealed_memfd", "memfd:sealed ... fchmod ... vm.memfd_noexec" } },
	{ "execveat_check", { "no_x_bit", "mode 0644 ... chmod +x @/program" } },
	{ "execveat_check_unknown_flag", { "bad_flags", "of execveat" } },
	{ "execveat_directory", { "is_directory", "@ is a directory" } },
	{ "execveat_not_directory", { "not_a_directory", "@/program is not a directory" } },
	{ "execveat_turns", { "no_x_bit", "@/denied has ... mode 0644 ... chmod +x @/denied" } },
	{ "execveat_turns", { "no_shebang", "@/text is text without a #! line" } },
	{ "execveat_turns", { "interpreter_missing", "the interpreter @/none of @/script does not exist" } },
	{ "execveat_turns", { "script_close_on_exec", "descriptor 200 (@/closed) ... O_CLOEXEC" } },
	{ "execveat_turns", { "is_directory", "@/folder is a directory" } },
	{ "execveat_turns_removed", { "no_x_bit", "@/denied has no execute permission (mode 0644)" } },
	{ "execveat_turns_removed", { "no_x_bit", "@/private has no execute permission (mode 0600)" } },
	{ "execveat_turns_removed", { "is_directory", "@/folder is a directory" } },
	{ "execveat_turns_removed", { "no_x_bit", "@/locked has no execute permission (mode 0000)" } },
	{ "execveat_socket", { "special_file", "\"socket:[ ... is a socket: only regular files can be executed" } },
	{ "execveat_pipe", { "special_file", "\"pipe:[ ... is a pipe: only regular files can be executed" } },
	{ "execveat_eventfd", { "special_file", "\"anon_inode:[eventfd]\" is no file of any file system" } },
	{ "execveat_pidfd", { "special_file", "\"anon_inode:[pidfd]\" is no file of any file system" } },
	{ "search_missing", { "not_in_path", "no directory of PATH has program ... @/a:@/b" } },
	{ "search_denied", { "no_x_bit", "chmod +x @/a/program" } },
	{ "search_denied", { "not_in_path", "@/a:@/b ... @/a/program cannot be executed" } },
	{ "search_found", { "path_search", "PATH goes on, and finds @/b/program" } },
	{ "search_passed", { "missing_file", "@/b/program does not exist" } },
	{ "search_text", { "no_shebang", "@/b/program is text without a #! line" } },

	/* --- storage --- */
	{ "storage_dead_server", { "storage_disconnected", "@/mount/program ... umount -l" } },
	{ "storage_dead_server_interpreter", { "storage_disconnected", "the interpreter @/mount/program of @/script, on @/mount (fuse, execfail)" } },
	{ "storage_stale", { "storage_stale", "@/mount/program, on @/mount (fuse, execfail)" } },
	{ "storage_lookup_error", { "storage_error", "@/mount/program, on @/mount (fuse, execfail) ... dmesg" } },
	{ "storage_open_error", { "storage_error", "@/mount/program, on @/mount (fuse, execfail) ... dmesg" } },
	{ "storage_silent_link", { "not_found", "@/mount/program does not exist, or" }, TRACEPOINT("not_found", "@/mount/program, or its interpreter or loader, could not be found") },
	{ "storage_read_error", { "storage_error", "@/mount/program, on @/mount (fuse, execfail) ... dmesg" } },

	/* --- arguments --- */
	{ "argv_fault", { "bad_argument_pointer", "corpus ... the list of arguments" } },
	{ "argv_element_fault", { "bad_argument_pointer", "corpus ... argument 1" } },
	{ "envp_fault", { "bad_argument_pointer", "corpus ... the environment" } },
	{ "envp_element_fault", { "bad_argument_pointer", "corpus ... variable 1 of the environment" } },
	{ "string_too_long", { "argument_too_long", "argument 1 ... 131071 bytes" } },
	{ "variable_too_long", { "argument_too_long", "the variable V ... 131071 bytes" } },
	{ "variable_too_long_in_between", { "argument_too_long", "the variable V is too long ... 131071 bytes" },
	  .before_5_8 = { "arguments_too_big", "or one of them has more than 131071 bytes; the longest that was seen is the variable V" } },
	{ "variables_too_big", { "arguments_too_big", "2097152 bytes, a quarter of the stack limit ... the longest is the variable V" },
	  .before_5_8 = { "arguments_too_big", "2097152 bytes, a quarter of the stack limit ... the longest that was seen is the variable V" } },
	{ "total_too_big", { "arguments_too_big", "2097152 bytes, a quarter of the stack limit" } },
	{ "total_unlimited_stack", { "arguments_too_big", "6291456 bytes" } },
	{ "total_small_stack", { "arguments_too_big", "131072 bytes" } },
	{ "too_many_pointers", { "too_many_arguments", "300001 arguments ... 2097152 bytes" },
	  TRACEPOINT("arguments_too_big", "2097152 bytes, a quarter of the stack limit") },
	{ "tiny_stack", { "arguments_too_big", "a stack limit of 4096 bytes" } },

	/* --- security --- */
	{ "bpf_credentials", { "lsm_denied", "a security module denied @/program at its hook bprm_creds_for_exec" },
	  TRACEPOINT("lsm_denied", "@/program ... likely") },
	{ "bpf_check", { "lsm_denied", "a security module denied @/program at its hook bprm_check_security" },
	  TRACEPOINT("lsm_denied", "@/program ... likely") },
	{ "bpf_creds_from_file", { "lsm_denied", "a security module denied @/program at its hook bprm_creds_from_file" },
	  TRACEPOINT("lsm_denied", "@/program ... a security module or a fanotify listener likely did") },
	{ "bpf_open", { "lsm_denied", "@/program ... likely" } },
	{ "apparmor", { "apparmor", "AppArmor denied @/program: the profile execfail-test does not allow it (denied_mask x)" } },

	/* --- format --- */
	{ "empty_file", { "empty_file", "@/file is empty" }, EXPLAIN },
	{ "text_without_shebang", { "no_shebang", "@/file is text without a #! line" }, EXPLAIN },
	{ "byte_order_mark", { "byte_order_mark", "@/file begins with a byte order mark ... sed -i '1s/^\\xef\\xbb\\xbf//' @/file" }, EXPLAIN },
	{ "space_before_shebang", { "blank_before_shebang", "@/file has blanks" }, EXPLAIN },
	{ "shebang_alone", { "shebang_empty", "the #! line of @/file names no interpreter" }, EXPLAIN },
	{ "shebang_blanks", { "shebang_empty", "the #! line of @/file names no interpreter" }, EXPLAIN },
	{ "shebang_too_long", { "shebang_too_long", "@/file ... 256 bytes ... /xxxxxxxx" }, EXPLAIN },
	{ "pe_file", { "foreign_program", "@/file ... a Windows or DOS program" }, EXPLAIN },
	{ "mach_o_file", { "foreign_program", "@/file ... a macOS program (Mach-O)" }, EXPLAIN },
	{ "gzip_file", { "not_a_program", "@/file ... compressed by gzip" }, EXPLAIN },
	{ "unknown_format", { "unknown_format", "@/file ... it begins with 01 02 03 04" }, EXPLAIN },
	{ "elf_other_machine", { "wrong_machine", "@/file is an ELF program for " }, EXPLAIN },
	{ "elf_other_machine_32", { "wrong_machine", "@/file is an ELF program for " }, EXPLAIN },
	{ "elf_big_endian", { "wrong_machine", "@/file is an ELF program for s390x; this machine is " }, EXPLAIN },
	{ "html_page", { "not_a_program", "@/file is an HTML page, not a program (a failed download?)" }, EXPLAIN },
	{ "json_document", { "not_a_program", "@/file is a JSON document, not a program (a failed download?)" }, EXPLAIN },
	{ "tar_archive", { "not_a_program", "@/file is a tar archive, not a program" }, EXPLAIN },
	{ "elf_no_machine", { "broken_elf", "@/file ... no machine" }, EXPLAIN },
	{ "elf_object", { "object_file", "@/file is an object file" }, EXPLAIN },
	{ "elf_core", { "core_file", "@/file is a core dump" }, EXPLAIN },
	{ "elf_half_header", { "truncated_elf", "@/file ... after 32 bytes" }, EXPLAIN },
	{ "elf_header_only", { "truncated_elf", "@/file ... after 64 bytes" }, EXPLAIN },
	{ "elf_phentsize", { "broken_elf", "@/file ... program headers" }, EXPLAIN },
	{ "elf_no_headers", { "broken_elf", "@/file ... program headers" }, EXPLAIN },
	{ "elf_many_headers", { "broken_elf", "@/file ... program headers" }, EXPLAIN },
	{ "elf_interp_no_nul", { "broken_elf", "@/file ... PT_INTERP" }, EXPLAIN },
	{ "elf_interp_too_long", { "broken_elf", "@/file ... PT_INTERP" }, EXPLAIN },
	{ "elf_interp_too_short", { "broken_elf", "@/file ... PT_INTERP" }, EXPLAIN },
	{ "elf_x32", { "no_32_bit_support", "@/file ... x32" } },
	{ "elf_interp_beyond_eof", { "truncated_elf", "@/file ... after 4096 bytes" }, EXPLAIN },

	/* --- interpreter --- */
	{ "interpreter_missing", { "interpreter_missing", "the interpreter @/none of @/script does not exist" }, EXPLAIN },
	{ "interpreter_missing_with_argument", { "interpreter_missing", "the interpreter @/none of @/script does not exist" }, EXPLAIN },
	{ "interpreter_crlf", { "interpreter_crlf", "@/script ... \"/bin/sh\\r\" ... sed -i 's/\\r$//' @/script" }, EXPLAIN },
	{ "interpreter_crlf_missing", { "interpreter_crlf", ", and there is no @/none either); repair with" }, EXPLAIN },
	{ "interpreter_nested_crlf", { "interpreter_crlf", "the script @/inner ... \"/bin/sh\\r\" ... sed -i 's/\\r$//' @/inner" }, EXPLAIN },
	{ "shebang_without_end", { "shebang_empty", "the #! line of @/script names no interpreter" }, EXPLAIN },
	{ "shebang_nul", { "shebang_empty", "the #! line of @/script names no interpreter" }, EXPLAIN },
	{ "shebang_nested_without_end", { "shebang_empty", "the #! line of @/inner names no interpreter" }, EXPLAIN },
	{ "interpreter_not_directory", { "interpreter_missing", "@/interp/sh of @/script does not exist: @/interp is not a directory" }, EXPLAIN },
	{ "interpreter_symlink_cycle", { "symlink_loop", "the interpreter @/interp of @/script ... in a circle: @/interp points to @/interp" }, EXPLAIN },
	{ "interpreter_object", { "interpreter_not_a_program", "@/interp of @/script is an object file, not linked" }, EXPLAIN },
	{ "interpreter_relative", { "interpreter_relative", "the interpreter bin/none of @/script ... no leading slash" }, EXPLAIN },
	{ "interpreter_nested_missing", { "interpreter_missing", "the interpreter @/none of @/inner does not exist" }, EXPLAIN },
	{ "interpreter_nested_relative_path", { "interpreter_missing", "the interpreter @/none of @/inner does not exist" } },
	{ "interpreter_no_x_bit", { "interpreter_no_x_bit", "@/interp of @/script ... mode 0644 ... chmod +x @/interp" }, EXPLAIN },
	{ "interpreter_directory", { "interpreter_directory", "@/interp of @/script is a directory" }, EXPLAIN },
	{ "interpreter_no_search_permission", { "interpreter_no_search_permission",
		"user nobody (65534) ... @/locked (mode 0700, owner 0:0) ... @/locked/interp of @/script" }, EXPLAIN },
	{ "interpreter_noexec_mount", { "interpreter_noexec_mount", "@/noexec/interp of @/script ... @/noexec (tmpfs, execfail)" } },
	{ "interpreter_text", { "interpreter_not_a_program", "@/interp of @/script is text, not a program" }, EXPLAIN },
	{ "interpreter_wrong_machine", { "interpreter_wrong_machine", "@/interp of @/script is built for s390x" }, EXPLAIN },
	{ "interpreter_busy", { "interpreter_busy", "@/interp of @/script is open for writing" } },
	{ "interpreter_itself", { "interpreter_loop", "@/script names itself" }, EXPLAIN },
	{ "interpreter_too_deep_elsewhere", { "interpreter_loop", "@/mount/script ... more than 5 times" },
	  TOO_LATE("link_or_script_loop", "@/mount/script lead in a circle or are more than 40, or it is a script") },
	{ "interpreter_missing_removed", { "interpreter_missing", "the interpreter @/none of @/script does not exist" },
	  TOO_LATE("not_found", "@/script, or its interpreter or loader, could not be found") },
	{ "interpreter_text_removed", { "interpreter_not_a_program", "@/interp of @/script is text, not a program" },
	  TOO_LATE("changed_since", "@/script could not be executed, and does not exist any more") },
	{ "interpreter_too_deep", { "interpreter_loop", "@/script ... more than 5 times ... @/6" }, EXPLAIN },
	{ "script_close_on_exec", { "script_close_on_exec", "@/script ... O_CLOEXEC" } },
	{ "loader_missing", { "loader_missing", "the ELF loader @/ld.so of @/program does not exist" }, EXPLAIN },
	{ "loader_missing_32", { "loader_missing", "the ELF loader @/ld.so of @/program does not exist" }, EXPLAIN },
	{ "loader_missing_musl", { "loader_missing", "/lib/ld-musl-x86_64.so.1 of @/program ... likely ... musl" }, EXPLAIN },
	{ "loader_missing_nix", { "loader_missing", "/nix/store/execfail-test/ld.so of @/program ... likely ... Nix" }, EXPLAIN },
	{ "loader_missing_libc_32", { "loader_missing", "/lib/ld-linux.so.2 of @/program ... likely ... 32-bit" }, EXPLAIN },
	{ "loader_no_x_bit", { "loader_not_executable", "@/ld.so of @/program ... mode 0644 ... chmod +x @/ld.so" }, EXPLAIN },
	{ "loader_directory", { "loader_not_executable", "@/ld.so of @/program is a directory" }, EXPLAIN },
	{ "loader_text", { "loader_broken", "@/ld.so of @/program is text, not an ELF file" }, EXPLAIN },
	{ "loader_wrong_machine", { "loader_wrong_machine", "@/ld.so of @/program is built for s390x" }, EXPLAIN },
	{ "loader_short", { "loader_broken", "@/ld.so of @/program has only 5 bytes" }, EXPLAIN },
	{ "loader_of_other_class", { "loader_wrong_machine", "@/ld.so of @/program is built for i386" }, EXPLAIN },
	{ "loader_symlink_cycle", { "symlink_loop", "the ELF loader @/ld.so of @/program ... in a circle: @/ld.so points to @/ld.so" }, EXPLAIN },
	{ "loader_without_name", { "broken_elf", "@/program ... PT_INTERP" }, EXPLAIN },
	{ "loader_relative", { "loader_missing", "the ELF loader none/ld.so of @/program ... the caller's working directory" }, EXPLAIN },
	{ "loader_busy", { "loader_busy", "@/ld.so of @/program is open for writing" } },
	{ "loader_first_of_two", { "loader_missing", "the ELF loader @/none of @/program does not exist" }, EXPLAIN },
	{ "loader_missing_of_interpreter", { "loader_missing", "the ELF loader @/ld.so of @/program does not exist" }, EXPLAIN },
	{ "env_missing", { "env_missing", "@/script ... no-such-program is not in PATH (@)" } },
	{ "env_crlf", { "env_crlf", "@/script ... \"program\\r\" ... sed -i 's/\\r$//' @/script" } },
	{ "env_with_option", { "env_missing", "@/script ... \"program -x\" is not in PATH (@) ... /usr/bin/env -S" } },
	{ "handler_text", { "handler_not_a_program", "handler @/handler of @/file.execfailtest is text, not a program" } },
	{ "handler_itself", { "handler_loop", "handler @/handler.execfailtest is itself a file" } },
	{ "handler_missing", { "handler_missing", "handler @/handler of @/file.execfailtest ... binfmt_misc" } },
	{ "handler_no_x_bit", { "handler_not_executable", "handler @/handler of @/file.execfailtest ... mode 0644" } },

	/* --- commit --- */
	{ "capability_not_in_bounds", { "capability_not_in_bounds", "@/program ... CAP_NET_RAW" } },
	{ "elf_over_address_space_limit", { "address_space_limit", "@/program wants 512 MiB ... RLIMIT_AS" } },
	{ "elf_over_data_limit", { "address_space_limit", "@/program wants 512 MiB ... RLIMIT_DATA" } },
	{ "stack_limit", { "stack_limit", "@/program gets no memory for its stack ... RLIMIT_STACK" } },
	{ "loader_page_zero", { "low_address", "the ELF loader @/ld.so of @/program ... vm.mmap_min_addr" } },
	{ "elf_huge_bss", { "elf_too_big", "@/program wants 100663296 MiB" } },
	{ "elf_file_size_over_memory_size", { "elf_bad_segment", "@/program ... 0x1000 bytes in the file and only 0x800" } },
	{ "elf_kernel_address", { "elf_bad_address", "@/program ... 0xffff800000000000" } },
	{ "elf_page_zero", { "low_address", "@/program ... vm.mmap_min_addr" } },
	{ "elf_writable_code", { "writable_code", "@/program ... likely" } },
	{ "loader_broken", { "loader_bad_segment", "the ELF loader @/ld.so of @/program is damaged" } },
	{ "script_elf_kernel_address", { "elf_bad_address", "the interpreter @/program of @/script ... 0xffff800000000000" },
	  TRACEPOINT("elf_bad_address", "@/program ... 0xffff800000000000") },
	{ "script_elf_with_loader", { "elf_bad_segment", "the interpreter @/program of @/script ... 0x1000 bytes in the file" },
	  TRACEPOINT("elf_bad_segment", "@/program ... 0x1000 bytes in the file") },
	{ "thread_elf_kernel_address", { "elf_bad_address", "@/program ... 0xffff800000000000" } },

	{ "elf_with_many_arguments", { "elf_bad_segment", "@/program ... 0x1000 bytes in the file and only 0x800" } },
	{ "int80_elf_bad_segment", { "elf_bad_segment", "@/program ... 0x1000 bytes in the file and only 0x800" } },
	{ "elf_32_bad_segment", { "elf_bad_segment", "@/program ... 0x1000 bytes in the file and only 0x800" } },
	{ "execveat_elf_bad_segment", { "elf_bad_segment", "program ... 0x1000 bytes in the file and only 0x800" } },

	/* --- callers --- */
	{ "signal_pending", { "missing_file", "@/none does not exist" } },
	{ "thread_interpreter", { "interpreter_missing", "the interpreter @/none of @/script" } },
	{ "thread", { "missing_file", "@/none does not exist" } },
	{ "vfork", { "missing_file", "@/none does not exist" } },
	{ "clone_vm", { "missing_file", "@/none does not exist" } },
	{ "posix_spawn", { "missing_file", "@/none does not exist" } },
	{ "posix_spawnp", { "not_in_path", "no directory of PATH has program (the caller's own PATH is \"@/a:@/b\")" } },
	{ "posix_spawnp", { "not_in_path", "no directory of PATH has program (the caller's own PATH is \"@/a:@/b\")" } },
	{ "traced", { "missing_file", "@/none does not exist" } },
	{ "threads_at_once", { "missing_file", "@/none-" } },
	{ "burst", { "missing_file", "@/none-" }, TOO_MANY("not_found", "@/none-"), TOO_MANY_TRACEPOINT("other_ENOENT", "@/none-") },
	{ "deep", { "missing_file", "@/none does not exist" } },
	{ "int80", { "missing_file", "@/none does not exist" } },
	{ "int80_execveat", { "missing_file", "there is no @/none" } },
	{ "int80_interpreter", { "interpreter_missing", "the interpreter @/none of @/script" } },
	{ "program_32", { "missing_file", "@/none does not exist" } },
	{ "x32", { "call_not_made", "or this kernel has no such call (that of x32 programs)" } },

	/* --- places --- */
	{ "user", { "missing_file", "@/none does not exist" } },
	{ "user_without_name", { "missing_file", "@/none does not exist" } },
	{ "login_user", { "missing_file", "@/none does not exist" } },
	{ "effective_root", { "missing_file", "@/none does not exist" } },
	{ "chroot", { "missing_file", "/none does not exist" } },
	{ "chroot_interpreter", { "interpreter_missing", "the interpreter /bin/sh of /script does not exist" } },
	{ "mount_namespace", { "interpreter_missing", "the interpreter @/none of @/mount/script" } },
	{ "pid_namespace", { "missing_file", "@/none does not exist" } },
	{ "user_namespace", { "missing_file", "@/none does not exist" } },
	{ "user_namespace_locked", { "no_search_permission", "user nobody (65534) ... @/locked (mode 0700, owner 0:0)" } },
	{ "cgroup", { "missing_file", "@/none does not exist" } },
	{ "container", { "missing_file", "@/none does not exist" } },
	{ "file_behind_symlink", { "interpreter_missing", "the interpreter @/none of @/link" }, EXPLAIN },
	{ "file_in_bind_mount", { "interpreter_missing", "the interpreter @/none of @/mount/script" } },
	{ "file_in_overlay", { "interpreter_missing", "the interpreter @/none of @/mount/script" } },
	{ "file_with_queried_times", { "interpreter_missing", "the interpreter @/none of @/script" }, EXPLAIN },
	{ "file_with_long_path", { "interpreter_missing", "the interpreter @/none of @/a-directory-name" }, EXPLAIN },
	{ "file_deleted", { "no_shebang", "text without a #! line" } },

	/* --- content, standard input: what else an event has --- */
	{ "escape_sequences", { "missing_file", "does not exist" } },
	{ "newline", { "missing_file", "\"@/a\\nb\" does not exist" } },
	{ "quotes", { "missing_file", "does not exist" } },
	{ "bidi", { "missing_file", "\\u202e" } },
	{ "utf8", { "missing_file", "@/r\xc3\xa9sum\xc3\xa9" } },
	{ "invalid_utf8_path", { "missing_file", "@/caf\\xe9" } },
	{ "invalid_utf8_file", { "interpreter_missing", "@/th\\xe9" } },
	{ "hostile_interpreter", { "interpreter_missing", "\\x1b ... \\u202e ... of @/script" } },
	{ "cold_arguments", { "no_shebang", "@/text is text" } },
	{ "no_arguments_no_environment", { "missing_file", "@/none does not exist" } },
	{ "empty_strings", { "missing_file", "@/none does not exist" } },
	{ "environment", { "missing_file", "@/none does not exist" } },
	{ "argument*", { "missing_file", "@/none does not exist" } },
	{ "control_characters", { "missing_file", "@/none does not exist" } },
	{ "invalid_utf8_*", { "missing_file", "@/none does not exist" } },
	{ "hostile_*", { "missing_file", "@/none does not exist" } },
	{ "ambiguous_comm", { "missing_file", "@/none does not exist" } },
	{ "secrets", { "missing_file", "@/none does not exist" } },
	{ "cold_*", { "missing_file", "@/none does not exist" } },
	{ "changing_argument", { "missing_file", "@/none does not exist" } },
	{ "changing_path", { "missing_file", "@/none-a does not exist" } },
	{ "stdin_*", { "missing_file", "@/none does not exist" } },
	{ "controlling_terminal", { "missing_file", "@/none does not exist" } },

	/* --- the kernel's own --- */
	{ "core_pattern_missing", { "core_pattern_helper", "kernel.core_pattern ... @/helper does not exist" } },
	{ "core_pattern_interpreter", { "core_pattern_helper", "kernel.core_pattern ... the interpreter @/none of @/helper" } },
	{ "core_pattern_no_x_bit", { "core_pattern_helper", "kernel.core_pattern ... mode 0644 ... chmod +x @/helper" } },
	{ "core_pattern_text", { "core_pattern_helper", "kernel.core_pattern ... @/helper is text without a #! line" } },
	{ "modprobe_for_socket", { "modprobe_helper", "the module net-pf-18 ... kernel.modprobe ... @/no-modprobe does not exist" } },
	{ "modprobe_for_format", { "unknown_format", "@/file ... it begins with 01 02 01 02" } },
	{ "modprobe_for_format", { "unknown_format", "@/file ... it begins with 01 02 01 02" } },
	{ "modprobe_for_format", { "modprobe_helper", "the module binfmt-0201 ... kernel.modprobe ... @/no-modprobe" } },
	{ "release_agent_missing", { "kernel_helper", "@/agent ... does not exist" } },
	{ "request_key_missing", { "request_key_helper", "keys ... /sbin/request-key does not exist" } },
};
/* clang-format on */

#define N_REASON_CASES (sizeof(reason_cases) / sizeof(reason_cases[0]))

#endif
