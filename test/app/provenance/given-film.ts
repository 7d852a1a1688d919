import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';

const FRAMES = 24;
const SECONDS = 1 / 24;

/** A second of film in the container that exports have, index in front. What its frames show is nothing: nobody decodes them. */
export async function givenFilm(): Promise<Uint8Array<ArrayBuffer>> {
	const target = new BufferTarget();
	const output = new Output({ format: new Mp4OutputFormat({ fastStart: 'in-memory' }), target });
	const source = new EncodedVideoPacketSource('vp9');
	output.addVideoTrack(source);
	await output.start();
	const decoderConfig = { codec: 'vp09.00.10.08', codedWidth: 64, codedHeight: 96 };
	for (let frame = 0; frame < FRAMES; frame += 1) {
		const bytes = new Uint8Array(200).fill(frame);
		const packet = new EncodedPacket(bytes, frame === 0 ? 'key' : 'delta', frame * SECONDS, SECONDS);
		await source.add(packet, { decoderConfig });
	}
	await output.finalize();
	if (target.buffer === null) throw new Error('the film was not written');
	return new Uint8Array(target.buffer);
}
