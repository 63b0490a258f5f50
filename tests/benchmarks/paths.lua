-- asks for the addresses of a file, one after the other
local addresses = {}
for line in io.lines(os.getenv("ADDRESSES")) do addresses[#addresses + 1] = line end
local tag = os.getenv("IF_NONE_MATCH")
local at = 0
request = function()
  at = at % #addresses + 1
  if tag then wrk.headers["If-None-Match"] = tag end
  return wrk.format("GET", addresses[at])
end
done = function(summary, latency, requests)
  io.write(string.format("{\"requests\": %d, \"p99_ms\": %.3f, \"errors\": %d}\n",
    summary.requests, latency:percentile(99) / 1000,
    summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect))
end
