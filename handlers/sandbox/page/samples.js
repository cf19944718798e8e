// Sample pictures and a sample voice note, drawn and synthesized here, so that nobody needs files to try the town.

const WIDE = 640;
const HIGH = 480;

function sky(pen, top, bottom) {
  const fade = pen.createLinearGradient(0, 0, 0, HIGH);
  fade.addColorStop(0, top);
  fade.addColorStop(1, bottom);
  pen.fillStyle = fade;
  pen.fillRect(0, 0, WIDE, HIGH);
}

function shape(pen, colour, points) {
  pen.fillStyle = colour;
  pen.beginPath();
  points.forEach(([x, y]) => pen.lineTo(x, y));
  pen.closePath();
  pen.fill();
}

function disc(pen, colour, x, y, rx, ry = rx) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2);
  pen.fill();
}

function street(pen, ground, wall) {
  shape(pen, wall, [[0, 250], [90, 190], [180, 250], [180, 400], [0, 400]]);
  shape(pen, wall, [[430, 270], [520, 215], [640, 280], [640, 400], [430, 400]]);
  shape(pen, ground, [[0, 385], [WIDE, 370], [WIDE, HIGH], [0, HIGH]]);
}

function post(pen, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 13;
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(300, 430);
  pen.lineTo(300, 130);
  pen.quadraticCurveTo(300, 85, 350, 85);
  pen.lineTo(385, 85);
  pen.stroke();
}

function brokenLamp(pen) {
  sky(pen, "#0d1526", "#27324a");
  disc(pen, "#d9dfe8", 540, 80, 24);
  disc(pen, "#141d30", 550, 74, 22);
  street(pen, "#1a212e", "#141b29");
  post(pen, "#566173");
  pen.save();
  pen.translate(385, 88);
  pen.rotate(0.75); // the lamp hangs from its arm
  shape(pen, "#6b7686", [[-8, -12], [72, -8], [80, 14], [-8, 14]]);
  shape(pen, "#2a3446", [[6, 14], [72, 14], [64, 26], [14, 26]]);
  pen.restore();
  pen.strokeStyle = "#e8b04a";
  pen.lineWidth = 4;
  pen.beginPath();
  [[428, 168], [440, 184], [430, 192], [444, 212]].forEach(([x, y]) => pen.lineTo(x, y));
  pen.stroke();
}

function mendedLamp(pen) {
  sky(pen, "#16264a", "#4a5d86");
  disc(pen, "#f4f1dc", 540, 80, 24);
  disc(pen, "#1f3058", 550, 74, 22);
  street(pen, "#39435a", "#2a3550");
  shape(pen, "#ffd98a", [[500, 300], [535, 300], [535, 335], [500, 335]]);
  shape(pen, "#ffd98a", [[70, 280], [100, 280], [100, 315], [70, 315]]);
  const glow = pen.createLinearGradient(0, 100, 0, 450);
  glow.addColorStop(0, "rgba(255, 226, 140, .85)");
  glow.addColorStop(1, "rgba(255, 226, 140, .08)");
  shape(pen, glow, [[375, 105], [455, 105], [580, 450], [230, 450]]);
  disc(pen, "rgba(255, 226, 140, .35)", 405, 440, 170, 24);
  post(pen, "#8f9bb0");
  shape(pen, "#c2cad6", [[370, 78], [452, 82], [462, 102], [370, 102]]);
  disc(pen, "#fff6d0", 415, 106, 38, 9);
}

function pothole(pen) {
  sky(pen, "#c8dcea", "#e9f0ea");
  shape(pen, "#8fae7a", [[0, 150], [220, 110], [430, 140], [WIDE, 100], [WIDE, 260], [0, 260]]);
  shape(pen, "#8c8f92", [[250, 150], [390, 150], [WIDE, HIGH], [0, HIGH]]);
  [[165, 195], [210, 255], [285, 375]].forEach(([y, bottom]) =>
    shape(pen, "#e6e2cf", [[318, y], [324, y], [327, bottom - 20], [315, bottom - 20]]));
  shape(pen, "#5f6265", [[175, 350], [235, 305], [330, 300], [430, 322], [470, 365], [420, 415], [300, 430], [205, 405]]);
  shape(pen, "#33363a", [[200, 352], [250, 320], [330, 314], [415, 334], [442, 366], [400, 400], [300, 412], [222, 393]]);
  disc(pen, "#6f8796", 325, 372, 88, 24);
  disc(pen, "#a9c0cc", 300, 366, 34, 7);
  shape(pen, "#e0642a", [[520, 240], [536, 240], [566, 350], [490, 350]]);
  shape(pen, "#fff4ea", [[511, 275], [545, 275], [553, 305], [503, 305]]);
  shape(pen, "#b94a1b", [[478, 350], [578, 350], [578, 364], [478, 364]]);
}

const DRAWINGS = { lamp: brokenLamp, hole: pothole, mended: mendedLamp };

export const PICTURES = [
  { id: "lamp", zh: "路灯坏了", en: "broken" },
  { id: "hole", zh: "路面坑洼", en: "pothole" },
  { id: "mended", zh: "路灯修好", en: "mended" },
];

export function drawPicture(id) {
  const canvas = document.createElement("canvas");
  canvas.width = WIDE;
  canvas.height = HIGH;
  const pen = canvas.getContext("2d");
  DRAWINGS[id](pen);
  pen.fillStyle = "rgba(0, 0, 0, .55)";
  pen.fillRect(WIDE / 2 - 90, HIGH - 40, 180, 40); // in the middle, so that a square crop keeps it
  pen.fillStyle = "#fff";
  pen.font = "22px sans-serif";
  pen.textAlign = "center";
  pen.fillText("样例 SAMPLE", WIDE / 2, HIGH - 12);
  return canvas;
}

export function pictureFile(id) {
  return new Promise((resolve) => {
    drawPicture(id).toBlob((blob) => resolve(new File([blob], `${id}.jpg`, { type: "image/jpeg" })), "image/jpeg", 0.9);
  });
}

const RATE = 8000; // samples per second, as on a telephone

/** About two seconds of a hummed "voice": five syllables on a falling melody, as a 16-bit mono WAV. */
export function voiceFile() {
  const syllables = [196, 220, 208, 175, 156];
  const each = Math.round(RATE * 0.4);
  const length = syllables.length * each;
  const bytes = new DataView(new ArrayBuffer(44 + length * 2));
  const word = (at, text) => [...text].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
  word(0, "RIFF");
  bytes.setUint32(4, 36 + length * 2, true);
  word(8, "WAVEfmt ");
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true);
  bytes.setUint16(22, 1, true);
  bytes.setUint32(24, RATE, true);
  bytes.setUint32(28, RATE * 2, true);
  bytes.setUint16(32, 2, true);
  bytes.setUint16(34, 16, true);
  word(36, "data");
  bytes.setUint32(40, length * 2, true);
  for (let i = 0; i < length; i += 1) {
    const t = (i % each) / each;
    const turn = (2 * Math.PI * syllables[Math.floor(i / each)] * i) / RATE;
    const loud = Math.sin(Math.PI * t) ** 2;
    const tone = Math.sin(turn) + 0.5 * Math.sin(2 * turn) + 0.3 * Math.sin(3 * turn) + 0.15 * Math.sin(5 * turn);
    bytes.setInt16(44 + i * 2, Math.round(9000 * loud * tone), true);
  }
  return new File([bytes.buffer], "voice.wav", { type: "audio/wav" });
}
