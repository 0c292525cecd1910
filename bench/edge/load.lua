-- wrk's report as one line of JSON. With a file (and the number of threads, and `once` or `again`) its lines are the targets: a thread
-- takes every so-manieth of them, so that no two ask for the same, and with `once` the load ends when one of them has asked for all of its own.
local ffi = require('ffi')
ffi.cdef([[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *time);
  int getpid(void);
  int kill(int process, int signal);
]])
local MONOTONIC, SIGINT = 1, 2

local function now()
  local time = ffi.new('moment')
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) + tonumber(time.nanoseconds) / 1e9
end

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set('place', #threads)
end

function init(args)
  local file, count, mode = args[1], tonumber(args[2]), args[3]
  if not file then return end
  local requests, line = {}, 0
  for target in io.lines(file) do
    line = line + 1
    if line % count == place % count then table.insert(requests, wrk.format('GET', target)) end
  end
  local at, calls = 0, 0
  function request()
    calls = calls + 1
    -- The first call of the first thread is wrk looking at a sample, before it begins.
    if calls == 2 then started = now() end
    if at == #requests then
      at = 0
      if mode == 'once' then
        finished = now()
        wrk.thread:stop()
        -- wrk itself would sleep to the end of its duration.
        ffi.C.kill(ffi.C.getpid(), SIGINT)
      end
    end
    at = at + 1
    return requests[at]
  end
end

function done(summary)
  local seconds = summary.duration / 1e6
  local first, last = math.huge, nil
  for _, thread in ipairs(threads) do
    first = math.min(first, thread:get('started') or math.huge)
    last = thread:get('finished') or last
  end
  if last then seconds = last - first end
  local errors = summary.errors
  print(string.format('{"requests":%d,"seconds":%.6f,"refused":%d,"broken":%d}', summary.requests, seconds,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
