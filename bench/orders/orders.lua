-- wrk -s orders.lua URL -- LIST ANSWERS SUMMARY
-- LIST has a line for each order: API key, Idempotency-Key and body, by tabs. Each thread orders its own lines; one request of
-- ten repeats the order before it, which is on its way then. The ids of orders that were taken go to ANSWERS<thread>.

local threads = {}

function setup(thread)
	thread:set('number', #threads)
	table.insert(threads, thread)
end

function init(args)
	orders, at, sent = {}, 0, 0
	taken, placing, refused, isOut = 0, 0, 0, 0
	local line_number = 0
	for line in io.lines(args[1]) do
		if line_number % 2 == number then
			local key, order, body = line:match('([^\t]+)\t([^\t]+)\t(.+)')
			table.insert(orders, { key = key, order = order, body = body })
		end
		line_number = line_number + 1
	end
	answers = io.open(args[2] .. number, 'w')
	answers:setvbuf('line')
	summary_path = args[3]
end

function request()
	sent = sent + 1
	if last == nil or sent % 10 ~= 0 then
		at = at + 1
		local next_order = orders[at]
		if next_order == nil then
			isOut = 1
			wrk.thread:stop()
			return last
		end
		last = wrk.format('POST', '/v1/renders', {
			['authorization'] = 'Bearer ' .. next_order.key,
			['idempotency-key'] = next_order.order,
			['content-type'] = 'application/json',
		}, next_order.body)
	end
	return last
end

function response(status, headers, body)
	if status == 202 then
		taken = taken + 1
		answers:write(body:match('"id":"([^"]+)"') or 'none', '\n')
	elseif status == 409 and body:find('"conflict"', 1, true) then
		-- The same order at the same moment: it is told to come again.
		placing = placing + 1
	else
		refused = refused + 1
		if refused <= 3 then io.stderr:write('orders: ', status, ' ', body:sub(1, 300), '\n') end
	end
end

function done(summary, latency)
	local file = io.open(threads[1]:get('summary_path'), 'w')
	local sums = { taken = 0, placing = 0, refused = 0, isOut = 0 }
	for _, thread in ipairs(threads) do
		for name in pairs(sums) do sums[name] = sums[name] + thread:get(name) end
	end
	local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
	file:write(string.format(
		'{"requests":%d,"seconds":%f,"p50Ms":%f,"p99Ms":%f,"broken":%d,"taken":%d,"placing":%d,"refused":%d,"isOut":%d}',
		summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		errors, sums.taken, sums.placing, sums.refused, sums.isOut
	))
	file:close()
end
