const MEGABYTE = 1024 * 1024;

/** "2.1 MB", "640 kB": what is about to be sent. */
export function sizeWords(byteLength: number): string {
	if (byteLength < MEGABYTE) return `${Math.max(1, Math.round(byteLength / 1024))} kB`;
	return `${(byteLength / MEGABYTE).toFixed(1)} MB`;
}
