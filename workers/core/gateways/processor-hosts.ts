/** The only hosts that the address of a processor, or of who delivers mail, may have in production. */
export const PROCESSOR_HOSTS = [
	'queue.fal.run',
	'rest.fal.ai',
	'rest.alpha.fal.ai',
	'api.fal.ai',
	'api.openai.com',
	'api.resend.com',
] as const;

export function isProcessorAddress(address: string): boolean {
	const url = URL.parse(address);
	return (
		url !== null && url.protocol === 'https:' && url.port === '' && PROCESSOR_HOSTS.some((host) => host === url.host)
	);
}
