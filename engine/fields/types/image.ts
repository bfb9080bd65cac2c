/** An uploaded picture, or several. Only what is a picture by its content is taken; drawings that hold scripts (SVG) are not. */
import { fileType } from '../file-value.js'

export const image = { ...fileType('image', ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'], { id: 1, name: 'portrait.jpg', size: 201_340, type: 'image/jpeg' }), pictures: true }
