import { expect, test } from 'vitest';

import { browserOf, networkOf, whenceOf } from '../../../workers/api/whence';

test.each([
	['203.0.113.77', '203.0.113.0/24'],
	['0.0.0.0', '0.0.0.0/24'],
	// An IPv4 address in IPv6's clothes is the same network.
	['::ffff:203.0.113.77', '203.0.113.0/24'],
	['::FFFF:203.0.113.77', '203.0.113.0/24'],
	['2001:db8:abcd:1234:5678:9abc:def0:1234', '2001:db8:abcd::/48'],
	['2001:DB8:ABCD::1', '2001:db8:abcd::/48'],
	['2001:0db8:00cd:1::', '2001:db8:cd::/48'],
	['2001:db8::1', '2001:db8:0::/48'],
	['fe80::1', 'fe80:0:0::/48'],
	['::', '0:0:0::/48'],
])('%s is kept as %s', (address, network) => {
	expect(networkOf(address)).toBe(network);
});

test('addresses of one network are told from another’s and not from each other', () => {
	expect(networkOf('198.51.100.1')).toBe(networkOf('198.51.100.254'));
	expect(networkOf('198.51.100.1')).not.toBe(networkOf('198.51.101.1'));
	expect(networkOf('2001:db8:1::1')).toBe(networkOf('2001:db8:1:ffff:ffff:ffff:ffff:ffff'));
	expect(networkOf('2001:db8:1::1')).not.toBe(networkOf('2001:db8:2::1'));
});

test.each([
	'',
	'unknown',
	'localhost',
	'203.0.113',
	'203.0.113.77, 198.51.100.1',
	'12345',
	"' or 1=1",
	'2001:db8::1%eth0',
])('“%s” is no address of a network, and keeps nothing', (text) => {
	expect(networkOf(text)).toBeNull();
});

const AGENTS = {
	'Firefox on Linux': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
	'Chrome on Windows':
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
	'Edge on Windows':
		'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
	'Opera on macOS':
		'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0',
	'Safari on macOS':
		'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15',
	'Safari on iPhone':
		'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
	'Chrome on iPad':
		'Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.7444.77 Mobile/15E148 Safari/604.1',
	'Chrome on Android':
		'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
	'Chrome on ChromeOS':
		'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
	curl: 'curl/8.14.1',
};

test.each(Object.entries(AGENTS))('%s is known by its name and system, without a version', (name, agent) => {
	expect(browserOf(agent)).toBe(name);
});

test.each(['', 'node', 'python-requests/2.32', 'x'.repeat(10_000)])('what is no browser has no name', (agent) => {
	expect(browserOf(agent)).toBeNull();
});

test('only what Cloudflare says is read, and a sender’s own word about their address is not', () => {
	const told = { 'x-forwarded-for': '198.51.100.1', forwarded: 'for=198.51.100.1', 'x-real-ip': '198.51.100.1' };
	expect(whenceOf(new Headers(told))).toEqual({ network: null, country: null, browser: null });
	const seen = { 'cf-connecting-ip': '203.0.113.77', 'cf-ipcountry': 'DE', 'user-agent': AGENTS['Firefox on Linux'] };
	expect(whenceOf(new Headers({ ...told, ...seen }))).toEqual({
		network: '203.0.113.0/24',
		country: 'DE',
		browser: 'Firefox on Linux',
	});
});

test.each(['XX1', 'de', 'Germany', ''])('the country “%s” is not one', (country) => {
	expect(whenceOf(new Headers({ 'cf-ipcountry': country })).country).toBeNull();
});

test.each(['T1', 'XX'])('Cloudflare’s %s is no country: Tor, and unknown', (country) => {
	expect(whenceOf(new Headers({ 'cf-ipcountry': country })).country).toBeNull();
});
