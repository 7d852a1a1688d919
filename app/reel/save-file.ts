/** Some browsers read the address only when a dialog was answered. */
const ADDRESS_MS = 60_000;

/** Hands a file to the browser's downloads; a minute later its address is gone, too. */
export function saveFile(blob: Blob, name: string): void {
	const url = URL.createObjectURL(blob);
	const link = document.createElement('a');
	link.href = url;
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(url), ADDRESS_MS);
}
