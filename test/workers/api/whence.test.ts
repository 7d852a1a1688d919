import { expect, test } from 'vitest';

import { browserOf, networkOf, whenceOf } from '../../../workers/api/whence';

test.each([
	['192.0.2.17', '192.0.2.0/24'],
	['::ffff:192.0.2.17', '192.0.2.0/24'],
	['2001:db8:7:1::17', '2001:db8:7::/48'],
	['2001:0DB8:0007:ffff:1:2:3:4', '2001:db8:7::/48'],
	['2001:db8::17', '2001:db8:0::/48'],
	['::2', '0:0:0::/48'],
])('%s belongs to %s', (address, network) => {
	expect(networkOf(address)).toBe(network);
});

test.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1', '', 'unknown', '192.0.2', 'practice.test'])(
	'%j is no network',
	(address) => {
		expect(networkOf(address)).toBeNull();
	},
);

test('a request tells its network, country and browser, and never its address', () => {
	const headers = new Headers({
		'cf-connecting-ip': '192.0.2.17',
		'cf-ipcountry': 'DE',
		'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
		'x-forwarded-for': '198.51.100.1',
	});
	expect(whenceOf(headers)).toEqual({ network: '192.0.2.0/24', country: 'DE', browser: 'Firefox on Linux' });
	expect(whenceOf(new Headers({ 'x-forwarded-for': '198.51.100.1', 'cf-ipcountry': 'T1' }))).toEqual({
		network: null,
		country: null,
		browser: null,
	});
	expect(browserOf('curl/8.5.0')).toBe('curl');
});
