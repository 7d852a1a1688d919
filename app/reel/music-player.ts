import type { MusicId } from '../../smile/music/pieces';
import { SAMPLE_RATE, synthesise } from '../../smile/music/synthesise';

/** Plays a piece beside the preview, from `from` seconds on; answers how to stop it. */
export function playMusic(id: MusicId, seconds: number, from: number): () => void {
	const { left, right } = synthesise(id, seconds);
	const player = new AudioContext({ sampleRate: SAMPLE_RATE });
	const buffer = player.createBuffer(2, left.length, SAMPLE_RATE);
	buffer.copyToChannel(left, 0);
	buffer.copyToChannel(right, 1);
	const source = new AudioBufferSourceNode(player, { buffer });
	source.connect(player.destination);
	source.start(0, from);
	return () => void player.close();
}
