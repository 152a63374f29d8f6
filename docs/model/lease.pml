/*
 * The lease protocol: three workers, two tasks, and everything that may happen between them.
 *
 * One d_step is what PostgreSQL does at once, one statement or one transaction, or what a process
 * does by itself. Between two of them anything may happen, and for any time: a process that takes no
 * step is a frozen one, and its next step is the thaw. So freezing needs no step of its own.
 *
 * README.md says which statement each step stands for, what is left out, and how to run this.
 * A define such as -DFINISH_WITHOUT_ATTEMPT breaks one guard; then a rule has to break.
 */
#ifndef SPARES
#define SPARES 1 /* how many workers may stop; each comes back under a new id */
#endif
#ifndef MISHAPS
#define MISHAPS 1 /* how many answers or writes may get lost */
#endif
#ifndef MAX_ATTEMPTS
#define MAX_ATTEMPTS 2 /* of the first task; the second has one */
#endif
#define TASKS 2
#define IDS (3 + SPARES)

mtype = { open, succeeded, failed, cancelled };
mtype = { nothing, claimed, running, success, failure, settled };

/* ------------------------------------------------------------------------------- the tables --- */

typedef Task {
  mtype state;
  byte attempt; /* the one that runs or comes next: (task, attempt) is the fencing token */
  byte limit;
  bit ready; /* has a row in `ready` */
  bit cancelRequested;
  byte ended /* no column: the attempts whose end has been written, for the rules */
};
Task task[TASKS];

typedef Worker {
  bit known; /* has a row in `worker` */
  bit dead;
  byte leased[TASKS]; /* its lease: the attempt of each member, 0 where it is none */
  bit locked; /* a rescuer is taking the lease */

  /* What only the process itself knows. */
  bit seen; /* has done anything yet; see in_turn */
  bit up; /* is this worker; not after a crash, nor after it has started over */
  bit leaving; /* says goodbye */
  bit emptied; /* and has given back what it ran */
  bit late; /* a claim of it saw the row before it died, and may commit afterwards */
  byte runs[TASKS]; /* the attempt, 0 where there is none; claimed: the answer is on its way */
  mtype says[TASKS]; /* how far that attempt is */
  byte stray[TASKS] /* what it was told to be leased */
};
Worker worker[IDS];

byte spares = SPARES;
byte mishaps = MISHAPS;
hidden byte v, x, y; /* loops */

/* -------------------------------------------------------------------------------- the rules --- */

#define is_held(u, t) (worker[u].known && worker[u].leased[t] == task[t].attempt)
#define is_running(u, t) \
  (worker[u].says[t] == running || worker[u].says[t] == success || worker[u].says[t] == failure)

#define is_coming(w) (worker[w].says[0] == claimed || worker[w].says[1] == claimed)
#define has_lease(w) (worker[w].leased[0] || worker[w].leased[1])
/* A worker that is gone and has left nothing behind: nobody can tell when it died. */
#define is_gone(u) (worker[u].seen && !worker[u].up && !has_lease(u) && !worker[u].late \
  && !is_coming(u) && !is_running(u, 0) && !is_running(u, 1))

/* Holds after every step. */
inline check() {
  for (v : 0 .. IDS - 1) {
    for (x : 0 .. TASKS - 1) {
      if
      :: !worker[v].up && worker[v].says[x] == settled -> worker[v].says[x] = nothing; worker[v].runs[x] = 0
      :: else
      fi
    }
    if
    :: is_gone(v) -> worker[v].known = 0; worker[v].dead = 1
    :: else
    fi
  }
  for (x : 0 .. TASKS - 1) {
    y = task[x].ready;
    for (v : 0 .. IDS - 1) {
      if
      :: is_held(v, x) -> y++
      :: else
      fi
    }
    /* Nothing is lost, and there is one current attempt: ready, or in one lease. */
    assert(task[x].state != open || y == 1);
    /* Final is final: nobody can claim it. */
    assert(task[x].state == open || !task[x].ready);
    /* A worker that may believe that it lives runs nothing that is somebody else's. */
    for (v : 0 .. IDS - 1) {
      assert(!(is_running(v, x) && worker[v].up && !worker[v].dead && !worker[v].leaving)
        || (task[x].state == open && task[x].attempt == worker[v].runs[x]))
    }
  }
  v = 0; x = 0; y = 0
}

/* An end of an attempt is written: at most one for each, and none when the task is final. */
inline record(t, a) {
  assert(task[t].state == open);
  assert(!(task[t].ended & (1 << a)));
  task[t].ended = task[t].ended | (1 << a)
}

/* ---------------------------------------------------------------------------- what is the case --- */

#define works(w) (worker[w].up && !worker[w].leaving)
#define open_lease(w, t) (worker[w].leased[t] && task[t].state == open \
  && task[t].attempt == worker[w].leased[t])
#define is_stray(w, t) (open_lease(w, t) \
  && !(is_running(w, t) && worker[w].runs[t] == worker[w].leased[t]))
#define is_settled(w, t) (!worker[w].leased[t] \
  || (worker[w].says[t] == settled && worker[w].runs[t] == worker[w].leased[t]))
/* The three are alike, so that it is enough to look at runs in which they appear in order. */
#define in_turn(w) (worker[w].seen || w == 0 || w > 2 || worker[w - 1].seen)
/* One batch at a time: the next when the last one is done with. */
#define is_free(w) (!is_coming(w) && !is_running(w, 0) && !is_running(w, 1) \
  && !worker[w].locked && !open_lease(w, 0) && !open_lease(w, 1))
/* Whenever there is a stray, and now and then in vain. */
#define may_ask(w) (works(w) && !worker[w].dead && !worker[w].stray[0] && !worker[w].stray[1] \
  && (is_stray(w, 0) || is_stray(w, 1) || (mishaps && (open_lease(w, 0) || open_lease(w, 1)))))

/* ------------------------------------------------------------ the guards, and each one broken --- */

/* Of a write for an attempt: `where t.id = ? and t.attempt = ? and t.state = 'open'`. */
#if defined(FINISH_WITHOUT_ATTEMPT)
#define is_current(t, a) (task[t].state == open)
#elif defined(FINISH_WITHOUT_OPEN)
#define is_current(t, a) (task[t].attempt == a)
#else
#define is_current(t, a) (task[t].state == open && task[t].attempt == a)
#endif

/* Of the rescue's, which is the same. */
#ifdef RESCUE_BY_ID
#define is_lost(t, a) (a != 0)
#else
#define is_lost(t, a) (a != 0 && is_current(t, a))
#endif

/* An attempt that is followed by another raises the number. */
#ifdef RETRY_KEEPS_ATTEMPT
#define next_attempt(t) task[t].attempt
#else
#define next_attempt(t) (task[t].attempt + 1)
#endif

/* A claim looks at its worker's row. */
#ifdef CLAIM_BY_DEAD
#define may_claim(w) (works(w) && in_turn(w) && is_free(w))
#else
#define may_claim(w) (is_free(w) && (worker[w].late \
  || (works(w) && in_turn(w) && worker[w].known && !worker[w].dead)))
#endif

/* A heartbeat does not revive the dead. */
#ifdef HEARTBEAT_REVIVES
#define revives(w) worker[w].known
#else
#define revives(w) false
#endif

/* A lease goes when the last of its ends is committed. */
#ifdef LEASE_DISCARDED_EARLY
#define is_done(w) (worker[w].says[0] != running && worker[w].says[1] != running)
#else
#define is_done(w) (is_settled(w, 0) && is_settled(w, 1))
#endif

/* The lease of a claim whose answer is still to come is too young to look for strays in. */
#ifdef STRAYS_TOO_SOON
#define is_old(w) true
#else
#define is_old(w) (!is_coming(w))
#endif

/* A dead worker is forgotten when it holds nothing. */
#ifdef LEASE_FORGOTTEN
#define may_forget(w) (worker[w].known && worker[w].dead)
#else
#define may_forget(w) (worker[w].known && worker[w].dead && !has_lease(w) && !worker[w].late)
#endif

/* Leases are taken by the state of their worker, not only at the moment of its death. */
#ifdef RESCUE_ONLY_AT_DEATH
#define may_take(w) false
#else
#define may_take(w) (worker[w].known && worker[w].dead && has_lease(w) && !worker[w].locked)
#endif

/* --------------------------------------------------------------------------- the statements --- */

inline succeed(t, a) {
  if
  :: is_current(t, a) ->
    record(t, a);
    task[t].state = succeeded
  :: else
  fi
}

/* An attempt that ended without success: whether it may be tried again, what it costs (0 or 1). */
inline move(t, a, costs) {
  record(t, a);
  if
  :: !task[t].cancelRequested && (!costs || task[t].attempt < task[t].limit) ->
    task[t].attempt = next_attempt(t);
    task[t].limit = task[t].limit + 1 - costs;
    task[t].ready = 1
  :: else ->
    if
    :: task[t].cancelRequested -> task[t].state = cancelled
    :: else -> task[t].state = failed
    fi
  fi
}

inline set_back(t, a, costs) {
  if
  :: is_current(t, a) -> move(t, a, costs)
  :: else
  fi
}

/* What was leased to a dead worker is lost, if it is still open at that attempt. */
inline lose(t, a) {
  if
  :: is_lost(t, a) -> move(t, a, 1)
  :: else
  fi
}

inline answer(w, arrives) {
  for (x : 0 .. TASKS - 1) {
    if
    :: worker[w].says[x] == claimed && arrives -> worker[w].says[x] = running
    :: worker[w].says[x] == claimed && !arrives ->
      worker[w].says[x] = nothing;
      worker[w].runs[x] = 0
    :: else
    fi
  }
}

inline drop_lease(u) {
  for (x : 0 .. TASKS - 1) {
    worker[u].leased[x] = 0
  }
}

inline take(w, t) {
  task[t].ready = 0;
  worker[w].leased[t] = task[t].attempt;
  worker[w].runs[t] = task[t].attempt;
  worker[w].says[t] = claimed
}

inline commit(w) {
  worker[w].seen = 1;
  worker[w].late = 0;
  check()
}

/* ---------------------------------------------------------------------------- the processes --- */

/* The process is not this worker any more. Its handlers are interrupted; an end that a handler had
   reached already may be on its way to the database, and arrive. */
inline stop(w) {
  worker[w].late = worker[w].late || (is_free(w) && !worker[w].dead);
  worker[w].up = 0;
  for (x : 0 .. TASKS - 1) {
    if
    :: worker[w].says[x] == running || worker[w].says[x] == settled ->
      worker[w].says[x] = nothing;
      worker[w].runs[x] = 0
    :: else
    fi;
    worker[w].stray[x] = 0
  }
}

inline start(w) {
  worker[w].seen = w > 2;
  worker[w].known = 1;
  worker[w].up = 1
}

/* The next id begins to work. */
inline replace() {
  start(IDS - spares);
  spares--
}

/* A worker and its rows: what its process does, and what others do to it. */
proctype Life(byte w) {
end:
  do
  /* Claims what is ready: the rows go and the lease comes. */
  :: d_step { may_claim(w) && task[0].ready -> drop_lease(w); take(w, 0); commit(w) }
  :: d_step { may_claim(w) && task[1].ready -> drop_lease(w); take(w, 1); commit(w) }
  :: d_step { may_claim(w) && task[0].ready && task[1].ready ->
      drop_lease(w); take(w, 0); take(w, 1); commit(w) }
  :: d_step { worker[w].late -> worker[w].late = 0; check() }
  /* The answer arrives; whoever is not this worker any more starts nothing. */
  :: d_step { is_coming(w) -> answer(w, worker[w].up); check() }
  /* The answer is lost. */
  :: d_step { is_coming(w) && mishaps -> answer(w, false); mishaps--; check() }
  /* The heartbeat finds that this worker was declared dead. */
  :: d_step { worker[w].up && worker[w].dead ->
      if
      :: revives(w) -> worker[w].dead = 0
      :: else -> stop(w)
      fi;
      check() }
  /* Crashes, or is cut off for so long that it starts over. */
  :: d_step { works(w) && in_turn(w) && !worker[w].dead && spares ->
      worker[w].seen = 1; stop(w); replace(); check() }
  /* The lease goes when the last of its ends is committed; not one that a rescuer has locked. */
  :: d_step { works(w) && has_lease(w) && !worker[w].locked && !is_coming(w) && is_done(w) ->
      drop_lease(w);
      for (x : 0 .. TASKS - 1) {
        if
        :: worker[w].says[x] == settled -> worker[w].says[x] = nothing; worker[w].runs[x] = 0
        :: else
        fi
      }
      check() }
  /* Strays: asks what it has leased, and then gives back what it does not run. */
  :: d_step { may_ask(w) && is_old(w) ->
      if
      :: is_stray(w, 0) || is_stray(w, 1)
      :: else -> mishaps--
      fi;
      for (x : 0 .. TASKS - 1) {
        if
        :: open_lease(w, x) -> worker[w].stray[x] = worker[w].leased[x]
        :: else
        fi
      }
      check() }
  :: d_step { worker[w].stray[0] || worker[w].stray[1] ->
      for (x : 0 .. TASKS - 1) {
        if
        :: worker[w].stray[x] && !(is_running(w, x) && worker[w].runs[x] == worker[w].stray[x]) ->
          set_back(x, worker[w].stray[x], 0)
        :: else
        fi;
        worker[w].stray[x] = 0
      }
      check() }
  /* Goodbye: claims nothing any more, gives back what still runs, leaves. */
  :: d_step { works(w) && in_turn(w) && !worker[w].dead && spares ->
      worker[w].seen = 1; worker[w].leaving = 1; replace(); check() }
  :: d_step { worker[w].up && worker[w].leaving && !worker[w].emptied ->
      for (x : 0 .. TASKS - 1) {
        if
        :: is_running(w, x) -> set_back(x, worker[w].runs[x], 0)
        :: else
        fi
      }
      worker[w].emptied = 1; check() }
  :: d_step { worker[w].up && worker[w].emptied -> stop(w); worker[w].dead = 1; check() }
  /* Its heartbeats stay away for too long. */
  :: d_step { worker[w].known && !worker[w].dead && (!works(w) || (spares && in_turn(w))) -> 
      worker[w].seen = 1;
      worker[w].late = works(w) && is_free(w);
      worker[w].dead = 1;
#ifdef RESCUE_ONLY_AT_DEATH
      worker[w].locked = has_lease(w);
#endif
      if
      :: works(w) -> replace()
      :: else
      fi;
      check() }
  :: d_step { may_forget(w) -> worker[w].known = 0; check() }
  :: d_step { may_take(w) ->
      worker[w].locked = 1;
#ifdef LEASE_TAKEN_FIRST
      drop_lease(w);
#endif
      check() }
  /* Commits: the attempts are ended and the lease is gone. */
  :: d_step { worker[w].locked ->
      lose(0, worker[w].leased[0]);
      lose(1, worker[w].leased[1]);
      drop_lease(w);
      worker[w].locked = 0; check() }
  /* Dies before. */
  :: d_step { worker[w].locked && mishaps -> mishaps--; worker[w].locked = 0; check() }
  od
}

/* The handler of a worker for a task, and the end of the attempt. */
proctype Attempt(byte w; byte t) {
end:
  do
  :: d_step { worker[w].says[t] == running -> worker[w].says[t] = success; check() }
  /* It fails, or is told of its cancellation and stopped: the task's row decides which it was. */
  :: d_step { worker[w].says[t] == running -> worker[w].says[t] = failure; check() }
  /* The end is written, and nothing is changed where the token is not the current one. */
  :: d_step { worker[w].says[t] == success -> succeed(t, worker[w].runs[t]);
      worker[w].says[t] = settled; check() }
  :: d_step { worker[w].says[t] == failure -> set_back(t, worker[w].runs[t], 1);
      worker[w].says[t] = settled; check() }
  /* It cannot be written, or the process is no more. */
  :: d_step { is_running(w, t) && worker[w].says[t] != running && (!worker[w].up || mishaps) ->
      if
      :: worker[w].up -> mishaps--
      :: else
      fi;
      worker[w].says[t] = nothing; worker[w].runs[t] = 0; check() }
  od
}

/* Cancels a task, or not. One that waits is final at once, unless its ready row is locked by a claim
   at that moment, which may fail; else its worker will be told. */
proctype Client(byte t) {
  if
  :: true
#ifdef CANCEL_IN_TWO_STEPS
  :: task[t].ready ->
    d_step { task[t].ready = 0; task[t].state = cancelled; check() }
#else
  :: d_step { task[t].state == open ->
      if
      :: task[t].ready -> task[t].ready = 0; task[t].state = cancelled
      :: else -> task[t].cancelRequested = 1
      fi;
      check() }
  :: d_step { task[t].ready -> task[t].cancelRequested = 1; check() }
#endif
  fi
}

/* When nothing can happen any more, every task is final. */
proctype Judge() {
  timeout ->
  assert(task[0].state != open && task[1].state != open)
}

init {
  d_step {
    for (x : 0 .. TASKS - 1) {
      task[x].state = open; task[x].attempt = 1; task[x].limit = (x == 0 -> MAX_ATTEMPTS : 1); task[x].ready = 1;
      for (v : 0 .. IDS - 1) { worker[v].says[x] = nothing }
    }
    start(0); start(1); start(2);
    check()
  }
  atomic {
    byte i;
    for (i : 0 .. IDS - 1) {
      run Life(i); run Attempt(i, 0); run Attempt(i, 1)
    }
    
#ifndef NO_CANCEL
    run Client(0);
#endif
    run Judge(); i = 0
  }
}
