/** A sheet for the patient to take home. Loaded on demand: the PDF writer is larger than the page. */
import { PDFDocument, rgb, StandardFonts, type PDFFont, type PDFPage } from 'pdf-lib';

import { fitText } from '../../smile/reel/fit-text';

export type Paper = 'a4' | 'letter';

export interface ConsultSheet {
	readonly practice: { readonly name: string; readonly address: string; readonly phone: string };
	/** A PNG; null without a logo. */
	readonly logo: Blob | null;
	readonly patient: string;
	readonly date: string;
	readonly treatment: string;
	/** What the picture does not promise, in one or two sentences. */
	readonly caveat: string;
	/** What stands in the picture after, said again in words. */
	readonly label: string;
	/** JPEGs; no picture before once its photo is gone. */
	readonly before: Blob | null;
	readonly after: Blob;
}

/** Points: A4 and Letter, with margins of 18 mm above and below and 20 mm beside (look §7). */
const PAPERS: Readonly<Record<Paper, readonly [number, number]>> = { a4: [595.28, 841.89], letter: [612, 792] };
const MARGIN = { x: 56.7, y: 51 };
const INK = rgb(0.1, 0.09, 0.08);
const GREY = rgb(0.41, 0.39, 0.35);
const LINE = 1.4;
const GAP = 14;
const PICTURE_HEIGHT_MAX = 330;
const LOGO = { width: 120, height: 40 };

interface Fonts {
	readonly serif: PDFFont;
	readonly bold: PDFFont;
	readonly sans: PDFFont;
}

/** Writes from the top down; `y` is where the next thing may begin. */
interface Sheet {
	readonly document: PDFDocument;
	readonly page: PDFPage;
	readonly fonts: Fonts;
	readonly width: number;
	y: number;
}

/** The sheet as a PDF of one page. It says when it was made and by whom, and carries nothing else beside its words. */
export async function writeConsultSheet(content: ConsultSheet, paper: Paper): Promise<Blob> {
	const document = await PDFDocument.create();
	document.setTitle(`Consultation, ${content.treatment}`);
	document.setAuthor(content.practice.name);
	document.setLanguage('en');
	const [width, height] = PAPERS[paper];
	const sheet: Sheet = {
		document,
		page: document.addPage([width, height]),
		fonts: {
			serif: await document.embedFont(StandardFonts.TimesRoman),
			bold: await document.embedFont(StandardFonts.TimesRomanBold),
			sans: await document.embedFont(StandardFonts.Helvetica),
		},
		width: width - 2 * MARGIN.x,
		y: height - MARGIN.y,
	};
	await writeHead(sheet, content);
	await placePictures(sheet, content);
	await writeWords(sheet, content);
	const bytes = await document.save();
	return new Blob([new Uint8Array(bytes)], { type: 'application/pdf' });
}

async function writeHead(sheet: Sheet, { practice, logo, patient, date, treatment }: ConsultSheet): Promise<void> {
	if (logo !== null) {
		const image = await sheet.document.embedPng(await logo.arrayBuffer());
		const { width, height } = image.scaleToFit(LOGO.width, LOGO.height);
		sheet.page.drawImage(image, { x: MARGIN.x, y: sheet.y - height, width, height });
		sheet.y -= height + GAP / 2;
	}
	await write(sheet, practice.name, { font: 'bold', size: 13 });
	const where = [practice.address.replaceAll(/\s*\n\s*/gu, ', '), practice.phone].filter((part) => part !== '');
	if (where.length > 0) await write(sheet, where.join(' · '), { font: 'sans', size: 8.5, isSoft: true });
	rule(sheet);
	await write(sheet, treatment, { font: 'serif', size: 20 });
	await write(sheet, `Patient ${patient}. ${date}.`, { font: 'serif', size: 11 });
	sheet.y -= GAP / 2;
}

async function placePictures(sheet: Sheet, { before, after }: ConsultSheet): Promise<void> {
	const files = [
		...(before === null ? [] : [{ name: 'Before', file: before }]),
		{ name: before === null ? 'Visualisation' : 'After, visualisation', file: after },
	];
	const room = (sheet.width - GAP) / 2;
	const images = await Promise.all(
		files.map(async ({ name, file }) => ({ name, image: await sheet.document.embedJpg(await file.arrayBuffer()) })),
	);
	const drawn = images.map(({ name, image }, at) => {
		const { width, height } = image.scaleToFit(room, PICTURE_HEIGHT_MAX);
		const x = MARGIN.x + at * (room + GAP);
		sheet.page.drawImage(image, { x, y: sheet.y - height, width, height });
		sheet.page.drawText(name, { x, y: sheet.y - height - 12, size: 8.5, font: sheet.fonts.sans, color: GREY });
		return height;
	});
	sheet.y -= Math.max(...drawn) + 12 + GAP;
}

async function writeWords(sheet: Sheet, { label, caveat }: ConsultSheet): Promise<void> {
	rule(sheet);
	await write(sheet, label, { font: 'bold', size: 11 });
	await write(sheet, caveat, { font: 'serif', size: 11 });
}

function rule(sheet: Sheet): void {
	sheet.y -= GAP / 2;
	const { x } = MARGIN;
	sheet.page.drawLine({
		start: { x, y: sheet.y },
		end: { x: x + sheet.width, y: sheet.y },
		thickness: 0.75,
		color: INK,
	});
	sheet.y -= GAP / 2;
}

interface Words {
	readonly font: keyof Fonts;
	/** Points. */
	readonly size: number;
	readonly isSoft?: boolean;
}

/** As many lines as the words need. What the sheet's own fonts cannot spell, such as Ł or 李, is drawn as a picture. */
async function write(sheet: Sheet, text: string, { font, size, isSoft = false }: Words): Promise<void> {
	const face = sheet.fonts[font];
	if (!canSpell(face, text)) return drawWords(sheet, text, { font, size, isSoft });
	const room = { width: sheet.width, linesMax: 1, size, sizeMin: size, weight: 500 } as const;
	const { lines } = fitText(text, room, (part) => face.widthOfTextAtSize(part, size));
	for (const line of lines) {
		sheet.y -= size * LINE;
		sheet.page.drawText(line, { x: MARGIN.x, y: sheet.y + size * 0.3, size, font: face, color: isSoft ? GREY : INK });
	}
}

function canSpell(face: PDFFont, text: string): boolean {
	try {
		face.encodeText(text);
		return true;
	} catch {
		return false;
	}
}

/** Pixels for a point: 300 dots an inch. */
const DENSITY = 300 / 72;

async function drawWords(sheet: Sheet, text: string, { font, size, isSoft = false }: Words): Promise<void> {
	const face = `${font === 'bold' ? '700' : '400'} ${size * DENSITY}px ${font === 'sans' ? 'sans-serif' : 'serif'}`;
	const measuring = new OffscreenCanvas(1, 1).getContext('2d');
	if (measuring === null) throw new Error('This browser gives no canvas.');
	measuring.font = face;
	const room = { width: sheet.width * DENSITY, linesMax: 1, size, sizeMin: size, weight: 500 } as const;
	const { lines } = fitText(text, room, (part) => measuring.measureText(part).width);
	const lineHeight = size * LINE;
	const canvas = new OffscreenCanvas(sheet.width * DENSITY, Math.ceil(lines.length * lineHeight * DENSITY));
	const context = canvas.getContext('2d');
	if (context === null) throw new Error('This browser gives no canvas.');
	context.font = face;
	context.fillStyle = isSoft ? '#696359' : '#1a1714';
	for (const [at, line] of lines.entries()) context.fillText(line, 0, (at * LINE + 1.1) * size * DENSITY);
	const image = await sheet.document.embedPng(await (await canvas.convertToBlob()).arrayBuffer());
	sheet.y -= lines.length * lineHeight;
	sheet.page.drawImage(image, { x: MARGIN.x, y: sheet.y, width: sheet.width, height: lines.length * lineHeight });
}
