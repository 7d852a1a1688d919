import type { Letter, LetterPart } from './letter';

/*
 * Mail programs know little CSS: inline styles, one column, the system's own letters. The colours are those of
 * the app's tokens; the dark ones stand in a style of their own, since an inline style cannot ask for the mode.
 */
const SANS = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const DARK = `@media (prefers-color-scheme:dark){
.paper{background:#131210!important;color:#f3f0e9!important}
.soft{color:#c1bbaf!important}
.rule{border-color:#34312b!important}
.well{background:#24221e!important;color:#f3f0e9!important}
.act{background:#f3f0e9!important;color:#131210!important}
}`;

/** The letter as HTML, for light and dark, without anything from elsewhere. Everything that goes in is escaped here. */
export function letterHtml({ subject, heading, parts }: Letter, studioName: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
<style>:root{color-scheme:light dark}${DARK}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#fbfaf7;color:#1b1815;${SANS}">
<div class="paper" style="max-width:480px;margin:0 auto;padding:40px 24px;background:#fbfaf7;color:#1b1815;${SANS};font-size:17px;line-height:1.55">
<h1 style="margin:0 0 24px;font-size:24px;line-height:1.25;font-weight:650">${escaped(heading)}</h1>
${parts.map(partHtml).join('\n')}
<p class="soft rule" style="margin:40px 0 0;padding-top:16px;border-top:1px solid #e3dfd6;color:#524d45;font-size:15px">${escaped(studioName)}</p>
</div>
</body>
</html>
`;
}

function partHtml(part: LetterPart): string {
	switch (part.kind) {
		case 'words':
			return `<p style="margin:0 0 20px">${escaped(part.words)}</p>`;
		case 'aside':
			return `<p class="soft" style="margin:0 0 20px;color:#524d45;font-size:15px">${escaped(part.words)}</p>`;
		case 'code':
			return codeHtml(part.code);
		case 'action':
			return actionHtml(part.label, part.url);
	}
}

/** Read in two halves, copied as one word: the gap is space between letters, not a letter. */
function codeHtml(code: string): string {
	const half = Math.ceil(code.length / 2);
	const before = escaped(code.slice(0, half - 1));
	const last = escaped(code.slice(half - 1, half));
	const after = escaped(code.slice(half));
	return `<p class="well" style="margin:0 0 20px;padding:16px;border-radius:10px;background:#f3f1eb;color:#1b1815;text-align:center;font-family:ui-monospace,'SF Mono',Consolas,monospace;font-size:36px;line-height:1.2;letter-spacing:2px;white-space:nowrap;-webkit-user-select:all;user-select:all">${before}<span style="letter-spacing:16px">${last}</span>${after}</p>`;
}

/** The address stands below the button, for whoever wants to see where it leads or opens it elsewhere. */
function actionHtml(label: string, url: string): string {
	const href = escaped(url);
	return `<p style="margin:0 0 12px"><a class="act" href="${href}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#1b1815;color:#fbfaf7;font-weight:600;line-height:20px;text-decoration:none">${escaped(label)}</a></p>
<p style="margin:0 0 20px;font-size:15px;overflow-wrap:anywhere"><a class="soft" href="${href}" style="color:#524d45">${href}</a></p>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escaped(words: string): string {
	return words.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? letter);
}
