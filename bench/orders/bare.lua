-- wrk -s bare.lua URL -- SUMMARY
-- The bare Worker's batch of two statements, in the same way.

local threads = {}

function setup(thread)
	table.insert(threads, thread)
end

function init(args)
	summary_path = args[1]
	refused = 0
	wrk.method = 'POST'
	wrk.body = '{}'
end

function response(status)
	if status ~= 202 then refused = refused + 1 end
end

function done(summary, latency)
	local file = io.open(threads[1]:get('summary_path'), 'w')
	local refused_in_all = 0
	for _, thread in ipairs(threads) do refused_in_all = refused_in_all + thread:get('refused') end
	local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
	file:write(string.format(
		'{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"broken":%d,"refused":%d}',
		summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		errors, refused_in_all
	))
	file:close()
end
