-- SPDX-License-Identifier: MIT
-- For wrk: the requests of a file, one a line, in turn. A line is a path and, after a tab, a body.
--     wrk ... -s requests.lua URL -- METHOD FILE [TOKEN]
-- Its last line is for load.py: answers, microseconds, bad statuses, socket errors, timeouts, p50
-- and p99 in microseconds.

local ready = {}
local at = 0

function init(arguments)
    local method, file, token = arguments[1], arguments[2], arguments[3]
    for line in io.lines(file) do
        local path, body = line:match("^([^	]*)	?(.*)$")
        local headers = {}
        if body ~= "" then
            headers["Content-Type"] = "application/json"
        end
        if token then
            headers["Authorization"] = "Bearer " .. token
        end
        ready[#ready + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
    end
end

function request()
    at = at % #ready + 1
    return ready[at]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format("figures %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
        errors.status, errors.connect + errors.read + errors.write, errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
