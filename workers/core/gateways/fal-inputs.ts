/** The models' own inputs (facts: protocols §1.8), one function an endpoint. Addresses are ours, signed, minutes long. */

/** `fal-ai/nano-banana-2/edit` */
export function afterImageInput(order: { photoUrl: string; prompt: string }): Record<string, unknown> {
	return {
		prompt: order.prompt,
		image_urls: [order.photoUrl],
		num_images: 1,
		output_format: 'png',
		resolution: '2K',
		aspect_ratio: 'auto',
	};
}

/** `fal-ai/pixverse/v6/transition` */
export function motionInput(order: { beforeUrl: string; afterUrl: string }): Record<string, unknown> {
	return {
		prompt:
			'A still portrait. A soft vertical edge passes once from left to right and reveals the second picture. Nothing else moves.',
		first_image_url: order.beforeUrl,
		end_image_url: order.afterUrl,
		duration: 5,
		aspect_ratio: '9:16',
		resolution: '720p',
		generate_audio_switch: false,
	};
}
