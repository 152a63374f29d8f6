#!/usr/bin/env python3
"""A worker for Trunkline: runs tasks of the type `shout`, {"text", "seconds"?} -> {"text", "by"}.
Reads TRUNKLINE_URL, TRUNKLINE_TOKEN, WORKER_NAME and LEASE_SECONDS from the environment."""
import http.client, json, os, signal, sys, threading, time, urllib.request

URL = os.environ.get("TRUNKLINE_URL", "http://localhost:8080") + "/api/v1/leases"
NAME = os.environ.get("WORKER_NAME", f"python-{os.getpid()}")
LEASE = float(os.environ.get("LEASE_SECONDS", "60"))
HEADERS = {"Content-Type": "application/json"}
if token := os.environ.get("TRUNKLINE_TOKEN"): HEADERS["Authorization"] = "Bearer " + token
FAULTS = OSError, http.client.HTTPException, ValueError  # The last two: an answer that breaks off.
stopping, polling = threading.Event(), False

def call(path, body):
    while True:
        try:
            request = urllib.request.Request(URL + path, json.dumps(body).encode(), HEADERS)
            with urllib.request.urlopen(request, timeout=90) as answer: return json.load(answer)
        except FAULTS as fault:
            if getattr(fault, "code", 503) < 429 or stopping.is_set(): raise
            time.sleep(2)  # Then once more: whatever is said twice is answered the same.

def work(payload, report):
    """What this worker is for. Calls report(percent) often, which may end it by an exception."""
    start, seconds = time.monotonic(), payload.get("seconds", 0)
    while (gone := time.monotonic() - start) < seconds:
        report(int(100 * gone / seconds))
        time.sleep(0.1)
    return {"text": payload["text"].upper(), "by": NAME}

def run(path, task):
    state, done = {"percent": 0}, threading.Event()
    def report(percent):
        state["percent"] = percent
        if stopping.is_set() or "end" in state: raise InterruptedError
    def beat():
        try:
            while not done.wait(LEASE / 3):
                if call(path + "/heartbeat", {"progress": {"percent": state["percent"]}})["cancelRequested"]:
                    state["end"] = ("/fail", {"message": "cancelled"})
        except FAULTS:  # The lease is lost, and the task nobody's business here any more.
            state["end"] = None
    threading.Thread(target=beat, daemon=True).start()
    try:
        end = ("/complete", {"result": work(task["payload"], report)})
    except InterruptedError:
        end = state.get("end", ("/release", {}))
    except Exception as fault:
        end = ("/fail", {"message": repr(fault)})
    done.set(); print(task["id"], end and call(path + end[0], end[1])["state"], flush=True)
signal.signal(signal.SIGTERM, lambda *_: stopping.set() or polling and sys.exit())
while not stopping.is_set():
    try:
        polling, ask = True, {"types": ["shout"], "lease": f"PT{LEASE:g}S", "wait": "PT20S", "worker": NAME}
        leases, polling = call("", ask)["leases"], False
        for lease in leases: run("/" + lease["token"], lease["task"])
    except FAULTS as fault:
        print(fault, flush=True)
        stopping.wait(2)
