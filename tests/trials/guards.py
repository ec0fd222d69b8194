"""Guards against bad input, and how to take each out: for `take_out_guards.py`.

(file, its text, what takes the place of it, tests of which one must fail then): the
tests are a file or folder below `tests/`, and words for pytest's `-k`.
"""

NETWORK, DATA, STORAGE = "artgan/gather/network/", "artgan/data/", "artgan/storage/"
RUNS, SYSTEM = "artgan/runs/", "artgan/system/"
S, D = "tests/gather/network/", "tests/data/"

GUARDS = [
    # Servers
    (
        NETWORK + "session.py",
        "range(MOST_REDIRECTS + 1)",
        "range(99)",
        S + " redirects",
    ),
    (NETWORK + "exchange.py", "(host, port) in trusted", "True", S + " asked"),
    (
        NETWORK + "addresses.py",
        "if not all(is_public(place[0]) for _, place in found)",
        "if False",
        S + " asked",
    ),
    (NETWORK + "addresses.py", "address in NAT64", "False", S + " addresses"),
    (NETWORK + "addresses.py", "address.is_multicast or ", "", S + " addresses"),
    (NETWORK + "addresses.py", "address.sixtofour", "None", S + " addresses"),
    (
        NETWORK + "body.py",
        "if self.coding not in PLAIN + PACKED",
        "if False",
        S + " packed",
    ),
    (
        NETWORK + "body.py",
        "unpacker.decompress(packed, amount)",
        "unpacker.decompress(packed)",
        S + " bomb",
    ),
    (
        NETWORK + "limits.py",
        "if self.received > self.most_bytes",
        "if False",
        S + " wire",
    ),
    (NETWORK + "limits.py", "limits.add(count)", "pass", S + " wire"),
    (NETWORK + "limits.py", "if left <= 0", "if False", S + " ends"),
    (NETWORK + "session.py", "if self.ends:", "if False:", S + " limit_together"),
    (
        NETWORK + "session.py",
        "min(max(wait, self.delay), max(LONGEST_WAIT, self.delay))",
        "max(wait, self.delay)",
        S + " absurd_retry",
    ),
    (NETWORK + "proxy.py", 'parts.scheme != "http" or', "False or", S + " proxy"),
    (
        NETWORK + "exchange.py",
        "    except OSError as error:\n        text =",
        "    except KeyError as error:\n        text =",
        S + " certificates",
    ),
    (
        NETWORK + "web.py",
        "if received > max_bytes",
        "if False",
        "tests/gather/ bad_picture or whole_picture",
    ),
    (
        "artgan/gather/sources/picture.py",
        "if pixels <= max_pixels:",
        "if True:",
        "tests/gather/sources/ too_many_pixels",
    ),
    (
        "artgan/gather/download.py",
        "summary.refusals == REFUSALS_BEFORE_STOP",
        "False",
        "tests/gather/test_download.py left_in_peace",
    ),
    # Pictures
    (DATA + "walk.py", "if identity(place) in visited", "if False", D + " circles"),
    (
        DATA + "walk.py",
        "if stat.S_ISDIR(mode) or stat.S_ISREG(mode)",
        "if True",
        D + " not_waited",
    ),
    (DATA + "walk.py", "if is_hidden(entry.name)", "if False", D + " hidden"),
    (
        DATA + "walk.py",
        "place != folder and is_ours(",
        "place is None and is_ours(",
        D + " our_own",
    ),
    (
        DATA + "pictures.py",
        "if file.width * file.height > most_pixels",
        "if False",
        D + "test_pictures.py bomb or limit",
    ),
    (DATA + "pictures.py", "if needed > MOST_BYTES", "if False", D + " memory"),
    (DATA + "pictures.py", 'if file.info.get("progressive")', "if False", D + " until"),
    (
        DATA + "pictures.py",
        "formats=known",
        "formats=None",
        D + " another_program",
    ),
    (
        DATA + "squares.py",
        "if not straight or first == 0 or last == len(bright) - 1",
        "if False",
        D + "test_squares.py",
    ),
    (DATA + "squares.py", "if top and left:", "if False:", D + "test_squares.py"),
    (DATA + "colours.py", "if brightness > 208 ", "if False ", D + " white_shape"),
    (
        DATA + "colours.py",
        "np.where(np.isfinite(values), values, 0)",
        "values",
        D + " no_number",
    ),
    (
        DATA + "cache.py",
        "allow_pickle=False",
        "allow_pickle=True",
        D + " stranger",
    ),
    (
        DATA + "preparation.py",
        "remove_outdated(cached, name)",
        "pass",
        D + " have_changed",
    ),
    (DATA + "likeness.py", " | (brighter < BRIGHTER)", "", D + " flat"),
    # Files of others
    (
        STORAGE + "tensor_file.py",
        'if about.get("sha256") != fingerprint(arrays, about)',
        "if False",
        "tests/storage/test_tensor_file.py damage",
    ),
    (
        STORAGE + "tensor_file.py",
        "if not np.isfinite(array).all()",
        "if False",
        "tests/storage/test_tensor_file.py finite",
    ),
    (
        STORAGE + "tensor_file.py",
        "if beginning.startswith(PICKLES)",
        "if False",
        "tests/storage/test_tensor_file.py pickle",
    ),
    (
        STORAGE + "tensor_file.py",
        "if path.stat().st_size > LARGEST_FILE",
        "if False",
        "tests/storage/test_tensor_file.py huge",
    ),
    (
        STORAGE + "builders.py",
        "if left < 0",
        "if False",
        "tests/storage/test_builders.py numbers or huge",
    ),
    (
        STORAGE + "checkpoints.py",
        "if kinds_of(wanted) != kinds_of(arrays)",
        "if False",
        "tests/storage/test_checkpoints.py refused",
    ),
    (
        STORAGE + "checkpoints.py",
        "if not np.isfinite(array).all()",
        "if False",
        "tests/storage/test_checkpoints.py finite",
    ),
    (
        STORAGE + "catalogue.py",
        'or not 0 < file["bytes"] <= LARGEST_FILE',
        "or False",
        "tests/storage/test_catalogue.py damaged",
    ),
    (
        STORAGE + "catalogue.py",
        "if not all(map(is_plain_name, (name, file_name)))",
        "if False",
        "tests/storage/test_catalogue.py damaged",
    ),
    (
        STORAGE + "fetch.py",
        "if bar.n + len(chunk) > size",
        "if False",
        "tests/storage/test_fetch.py endless or absurd",
    ),
    (
        STORAGE + "json_file.py",
        ', "backslashreplace"',
        ', "strict"',
        "tests/storage/test_json_file.py text",
    ),
    (
        "artgan/gan/validate.py",
        "type(value) is kind or",
        "type(value) is kind or kind is int or",
        "tests/gan/test_validate.py whole",
    ),
    (
        "artgan/gan/validate.py",
        "if not low <= value <= high",
        "if value > high",
        "tests/gan/test_validate.py refused",
    ),
    (
        RUNS + "log.py",
        "type(step) is int and 0 <= step < 2**63",
        "True",
        "tests/runs/test_log.py",
    ),
    (
        RUNS + "log.py",
        "(ValueError, RecursionError)",
        "ValueError",
        "tests/runs/test_log.py",
    ),
    (RUNS + "log.py", " and abs(row[name]) < 1e30", "", "tests/runs/test_log.py"),
    (
        RUNS + "run_file.py",
        'before["fingerprint"] == dataset.fingerprint',
        "True",
        "tests/runs/test_run_file.py other",
    ),
    # The machine
    (
        RUNS + "recorder.py",
        "        except Exception as error:",
        "        except KeyError as error:",
        "tests/runs/test_recorder.py fail",
    ),
    (
        SYSTEM + "printing.py",
        '("Cc", "Cf", ',
        '("Cf", ',
        "tests/system/test_printing.py steers",
    ),
    (
        SYSTEM + "printing.py",
        "    fill_descriptors()\n    for",
        "    for",
        "tests/system/test_printing.py whatever",
    ),
    (
        SYSTEM + "printing.py",
        "except UnicodeEncodeError:",
        "except KeyError:",
        "tests/system/test_printing.py console",
    ),
    (
        SYSTEM + "lock.py",
        "if error.errno not in HELD",
        "if False",
        "tests/system/test_lock.py without",
    ),
    (
        SYSTEM + "files.py",
        'path.with_name(path.name + ".part")',
        "path",
        "tests/system/test_files.py fails",
    ),
    (
        SYSTEM + "files.py",
        "except PermissionError:",
        "except KeyError:",
        "tests/system/test_files.py moment",
    ),
    (
        SYSTEM + "tensorflow.py",
        'keras.config.set_image_data_format("channels_last")',
        "pass",
        "tests/system/test_tensorflow.py settings",
    ),
    (
        SYSTEM + "tensorflow.py",
        "    except OSError:  # it is closed",
        "    except KeyError:  # it is closed",
        "tests/system/test_tensorflow.py closed",
    ),
    (
        SYSTEM + "arguments.py",
        "if not fits or not low <= value <= high",
        "if not fits or value < low or value > high",
        "tests/system/test_arguments.py numbers",
    ),
    (
        "artgan/commands/types.py",
        "        if not low <= value <= high:",
        "        if value < low or value > high:",
        "tests/commands/test_options.py ends",
    ),
    (
        "artgan/system/signals.py",
        '("SIGTERM", "SIGHUP")',
        '("SIGTERM",)',
        "tests/runs/test_exact_resume.py system_that_ends",
    ),
    (
        "run.py",
        "and not mine and not empty",
        "and False",
        "tests/test_run.py others_made",
    ),
    (
        "tools/setup_programs.py",
        '"PYTHON PIP_ KERAS_',
        '"PIP_ KERAS_',
        "tests/test_run_environment.py outside",
    ),
]
