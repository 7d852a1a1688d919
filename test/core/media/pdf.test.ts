import { deflateSync } from 'node:zlib';

import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { expect, test } from 'vitest';

import { AppError } from '../../../workers/core/errors';
import { checkPdf } from '../../../workers/core/media/pdf';
import { PDF_BYTES_MAX } from '../../../workers/core/media/pdf-bytes';
import { parametersOf } from '../../support/property-parameters';
import { type HandMade, handMadePdf, latin, packed, streamObject, writtenDocument, writtenPdf } from './sample-pdfs';

const SCRIPT = '<< /S /JavaScript /JS (app.alert\\(1\\)) >>';

test.each([
	['one page, packed', { pages: 1, isPacked: true }],
	['one page, not packed', { pages: 1, isPacked: false }],
	['twenty pages, packed', { pages: 20, isPacked: true }],
])('a written consent of %s passes, and its pages are counted', async (_, made) => {
	expect(checkPdf(await writtenPdf(made))).toEqual({ pages: made.pages });
});

test('a scan passes: a page that is a picture', async () => {
	const document = await PDFDocument.create();
	const dot = Uint8Array.from(
		atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='),
		(char) => char.charCodeAt(0),
	);
	document.addPage().drawImage(await document.embedPng(dot), { width: 500, height: 700 });
	expect(checkPdf(await document.save())).toEqual({ pages: 1 });
});

test.each<[string, HandMade]>([
	['laid out by hand', {}],
	['that says where to begin to show', { catalog: '/OpenAction [3 0 R /Fit]' }],
	[
		'with a stream whose length is another object',
		{ more: [streamObject(4, '', 'q Q', '5 0 R'), '5 0 obj\n3\nendobj\n'] },
	],
	['with a name that only begins like a forbidden one', { catalog: '/JavaScripts 1 /Launcher 2 /JSX 3' }],
	[
		'with comments, strings and brackets of every kind',
		{ catalog: '/A (a \\( (b) \\) c) /B <48> /C [[1][<< >>]] % note\n' },
	],
	[
		'with an objects stream that is not compressed',
		{ more: [streamObject(4, '/Type /ObjStm /N 1 /First 4', '9 0 << >>')] },
	],
	['with white space behind its end', { tail: ' \r\n\0' }],
])('a PDF %s passes', (_, made) => {
	expect(checkPdf(handMadePdf(made))).toEqual({ pages: 1 });
});

test.each<[string, HandMade, string]>([
	['a script on opening', { catalog: `/OpenAction ${SCRIPT}` }, 'does something by itself'],
	['a script elsewhere', { more: [`4 0 obj\n${SCRIPT}\nendobj\n`] }, 'holds a program'],
	['a script, its name with escapes', { more: ['4 0 obj\n<< /S /J#61vaScri#70t >>\nendobj\n'] }, 'holds a program'],
	['a script by its short name, with escapes', { more: ['4 0 obj\n<< /#4aS 5 0 R >>\nendobj\n'] }, 'holds a program'],
	['a form with a program', { catalog: '/AcroForm << /XFA 5 0 R >>' }, 'holds a program'],
	['another program to start', { more: ['4 0 obj\n<< /S /Launch /F (calc.exe) >>\nendobj\n'] }, 'starts another'],
	['another file', { more: [streamObject(4, '/Type /EmbeddedFile', 'MZ')] }, 'holds another file'],
	['a list of other files', { catalog: '/Names << /EmbeddedFiles 5 0 R >>' }, 'holds another file'],
	['a film', { more: ['4 0 obj\n<< /Subtype /RichMedia >>\nendobj\n'] }, 'holds a film'],
	['actions of a page', { catalog: '/AA << /O 4 0 R >>' }, 'does something by itself'],
	['an action that is another object', { catalog: '/OpenAction 4 0 R' }, 'does something by itself'],
	['a lock', { trailer: '/Encrypt 4 0 R' }, 'is locked'],
	['a lock, its name with escapes', { trailer: '/#45ncrypt 4 0 R' }, 'is locked'],
	['a script in packed objects', { more: [packed(4, SCRIPT)] }, 'holds a program'],
	['a script in packed objects that do not say so', { more: [packed(4, SCRIPT, '/N 1 /First 4')] }, 'holds a program'],
	['packed objects by an escaped name', { more: [packed(4, SCRIPT, '/N 1 /F#69rst 4')] }, 'holds a program'],
	[
		'objects packed twice',
		{ more: [packed(4, '<< >>', '/Type /ObjStm /N 1 /First 4 /DecodeParms << /Predictor 12 >>')] },
		'cannot be looked into',
	],
	[
		'objects packed otherwise',
		{ more: [streamObject(4, '/Type /ObjStm /N 1 /First 4 /Filter /LZWDecode', 'x')] },
		'cannot be looked into',
	],
	[
		'objects whose packing stands elsewhere',
		{ more: [streamObject(4, '/Type /ObjStm /N 1 /First 4 /Filter 5 0 R', 'x')] },
		'cannot be looked into',
	],
	[
		'packed objects that are cut',
		{ more: [streamObject(4, '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', 'x\x9c')] },
		'cannot be looked into',
	],
	['an object inside a stream', { more: [streamObject(4, '', `5 0 obj\n${SCRIPT}\nendobj`)] }, 'hides one part'],
	[
		'an object inside a stream, written tightly',
		{ more: [streamObject(4, '', '5 0obj << >> endobj')] },
		'hides one part',
	],
	[
		'an object inside a stream, with comments',
		{ more: [streamObject(4, '', '5 %\n0 %\nobj << >>')] },
		'hides one part',
	],
	['an object inside a string', { catalog: '/A (5 0 obj << >> endobj)' }, 'hides one part'],
	['a stream inside a string', { catalog: `/A (>>\nstream\n) /B ${SCRIPT} /C (endstream)` }, 'holds a program'],
	['a stream longer than it says', { more: [streamObject(4, '', 'q Q q Q', '3')] }, 'is damaged'],
	['a stream shorter than it says', { more: [streamObject(4, '', 'q Q', '300')] }, 'is damaged'],
	['a stream that ends twice', { more: [streamObject(4, '', 'q\nendstream\nQ')] }, 'is damaged'],
	['a stream of two lengths', { more: [streamObject(4, '/Length 2', 'q Q')] }, 'two things'],
	[
		'a length that two objects say differently',
		{ more: [streamObject(4, '', 'q Q', '5 0 R'), '5 0 obj\n3\nendobj\n', '5 0 obj\n9\nendobj\n'] },
		'is damaged',
	],
	['a page of the web between its objects', { more: ['<html><script>'] }, 'between its objects'],
	['words between its objects', { more: ['hello\n'] }, 'between its objects'],
	['something behind its end', { tail: 'PK\x03\x04' }, 'between its objects'],
	['an object that never ends', { more: ['4 0 obj << /A 1 >>\n'] }, 'is damaged'],
	['a string that never ends', { more: ['4 0 obj (never\n'] }, 'is cut off'],
	['brackets that do not match', { catalog: '/A [ << ] >>' }, 'is damaged'],
])('a PDF with %s is refused, and the sentence says to photograph the paper', (_, made, words) => {
	let refusal: unknown;
	try {
		checkPdf(handMadePdf(made));
	} catch (error) {
		refusal = error;
	}
	expect(refusal).toBeInstanceOf(AppError);
	expect(refusal).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(words) });
	expect(refusal).toMatchObject({ message: expect.stringContaining('Photograph the paper') });
});

test('a writer’s own scripts and attachments are found, packed or not', async () => {
	for (const useObjectStreams of [true, false]) {
		const withScript = await writtenDocument();
		withScript.addJavaScript('hello', 'app.alert(1)');
		const withFile = await writtenDocument();
		await withFile.attach(latin('MZ'), 'invoice.exe');
		for (const document of [withScript, withFile]) {
			const bytes = await document.save({ useObjectStreams });
			expect(() => checkPdf(bytes)).toThrow(/holds (?:a program|another file)/);
		}
	}
});

test('no PDF, no page and too many pages are refused with what to do', async () => {
	for (const bytes of [new Uint8Array(), latin('%PDF-'), latin('\xff\xd8\xff\xe0'), latin('GIF89a%PDF-1.4\n')]) {
		expect(() => checkPdf(bytes)).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
	}
	const empty = handMadePdf({ header: '%PDF-1.4\n' });
	const pageless = latin(String.fromCharCode(...empty).replace('/Type /Page /', '/Type /Pfff /'));
	expect(() => checkPdf(pageless)).toThrow('has no page');
	const long = await writtenPdf({ pages: 21 });
	expect(() => checkPdf(long)).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
	expect(() => checkPdf(new Uint8Array(PDF_BYTES_MAX + 1))).toThrow(
		expect.objectContaining({ code: 'payload_too_large' }),
	);
});

test('packed objects that unpack without end are refused before they do', () => {
	const bomb = new Uint8Array(deflateSync(new Uint8Array(40 * 1024 * 1024)));
	const made = handMadePdf({ more: [streamObject(4, '/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode', bomb)] });
	expect(made.length).toBeLessThan(100_000);
	expect(() => checkPdf(made)).toThrow('cannot be looked into');
	const half = new Uint8Array(deflateSync(new Uint8Array(5 * 1024 * 1024)));
	const many = [4, 5, 6].map((number) => streamObject(number, '/N 1 /First 4 /Filter /FlateDecode', half));
	expect(() => checkPdf(handMadePdf({ more: many }))).toThrow('cannot be looked into');
});

test.each([
	['names', '/a', 'too tangled'],
	['brackets', '[', 'too tangled'],
	['numbers', '1 ', 'too tangled'],
	['heads of objects', '1 0 obj ', 'is damaged'],
])('ten megabytes of nothing but %s are refused after a look at some of them', (_, piece, words) => {
	const bytes = new Uint8Array(PDF_BYTES_MAX).fill(0x20);
	const head = latin(`%PDF-1.4\n1 0 obj\n${piece.repeat(5_000)}`);
	for (let at = 0; at + head.length <= bytes.length; at += head.length)
		bytes.set(at === 0 ? head : head.subarray(17), at);

	expect(() => checkPdf(bytes)).toThrow(words);
});

test('a broken PDF is refused or passes, and never breaks the check; what is hostile stays refused at any place', async () => {
	const good = [await writtenPdf({ pages: 2 }), await writtenPdf({ isPacked: false }), handMadePdf()];
	fc.assert(
		fc.property(
			fc.constantFrom(...good),
			fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'cut', 'double')), {
				minLength: 1,
				maxLength: 6,
			}),
			(bytes, changes) => {
				let changed = bytes;
				for (const [at, value, how] of changes) {
					const place = at % Math.max(1, changed.length);
					if (changed.length === 0) break;
					if (how === 'set') changed = changed.with(place, value);
					else if (how === 'cut') changed = changed.slice(0, place);
					else
						changed = Uint8Array.from([...changed.subarray(0, place), ...changed.subarray(Math.max(0, place - value))]);
				}
				expect(refusalOf(changed)).toBeOneOf([null, 'invalid_input', 'unsupported_media_type', 'payload_too_large']);
			},
		),
		parametersOf('pdf mutations', 1_000, asked()),
	);
	fc.assert(
		fc.property(
			fc.array(
				fc.constantFrom(
					'<<',
					'>>',
					'[',
					']',
					'(',
					')',
					'%x\n',
					'stream\n',
					'\nendstream',
					'/Length 5',
					' 7 ',
					'<48>',
					'/A',
				),
			),
			fc.array(
				fc.constantFrom('<<', '>>', '[', ']', '(', ')', '%x\n', 'stream\n', '\nendstream', 'endobj 5 0 obj', '/A'),
			),
			(before, after) => {
				const body = `4 0 obj\n<< ${before.join(' ')} /S /Java#53cript ${after.join(' ')} >>\nendobj\n`;
				expect(refusalOf(handMadePdf({ more: [body] }))).toBe('invalid_input');
			},
		),
		parametersOf('pdf hiding places', 2_000, asked()),
	);
});

function asked() {
	return { seed: process.env['PROPERTY_SEED'] ?? '', runs: process.env['PROPERTY_RUNS'] ?? '' };
}

/** The code of the refusal; null when it passes. What is no refusal goes on being thrown. */
function refusalOf(bytes: Uint8Array): string | null {
	try {
		checkPdf(bytes);
		return null;
	} catch (error) {
		if (error instanceof AppError) return error.code;
		throw error;
	}
}
