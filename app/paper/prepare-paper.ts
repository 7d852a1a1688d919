import { HEAD_BYTES, kindOf, type PhotoRefusal } from '../upload/photo-rules';
import { preparePhoto } from '../upload/prepare-photo';

/** Of the api. */
export const PDF_BYTES_MAX = 10 * 1024 * 1024;

type Prepared = { readonly ok: true; readonly blob: Blob } | { readonly ok: false; readonly refusal: PhotoRefusal };

/** A picked file as it is sent: a PDF as it is, a picture as an upright JPEG without what stands beside its pixels. */
export async function preparePaper(file: Blob, drawn: typeof preparePhoto = preparePhoto): Promise<Prepared> {
	const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
	if (kindOf(head) !== 'pdf') {
		const prepared = await drawn(file);
		return prepared.ok ? { ok: true, blob: prepared.photo.blob } : prepared;
	}
	if (file.size > PDF_BYTES_MAX) {
		return {
			ok: false,
			refusal: {
				heading: 'This PDF is too large',
				sentence: 'It has more than 10 MB. Photograph the paper instead, or scan it coarser.',
			},
		};
	}
	return { ok: true, blob: file.slice(0, file.size, 'application/pdf') };
}
