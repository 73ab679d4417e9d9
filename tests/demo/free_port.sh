#!/bin/sh
# A port of 127.0.0.1 that nobody listens on, for the demo's web: 8750 if it can be had. WEB_PORT asks for another one.
exec python3 - "${WEB_PORT:-8750}" <<'END'
import socket, sys
for port in list(range(int(sys.argv[1]), int(sys.argv[1]) + 20)) + [0]:
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(s.getsockname()[1])
        break
END
