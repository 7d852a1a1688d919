/**
 * What a session is named by: "Firefox on Linux", as a title and within a sentence. A browser that says nothing known of itself
 * still has a name to end it by.
 */
export function deviceWords(device: string | null): { title: string; within: string } {
	if (device === null || device === '') return { title: 'Unknown device', within: 'an unknown device' };
	return { title: device, within: device };
}
