// 20-normal.js: the one form in which texts and queries are compared; src/search/normal.rs says what it is.
const BREAK = " ";
const SILENT = /[\p{M}\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/u;
const LETTER = /[\p{Alphabetic}\p{N}]/u;

class Normal {
  #simplified;
  #known;

  constructor(simplified) {
    this.#simplified = simplified;
    this.#known = new Map();
  }

  fold(character) {
    let folded = this.#known.get(character);
    if (folded === undefined) {
      folded = "";
      for (const decomposed of character.normalize("NFKD"))
        for (const c of decomposed.toLowerCase()) {
          if (SILENT.test(c)) continue;
          if ("×✕✖╳*".includes(c)) folded += "x";
          else if ("○〇◯".includes(c)) folded += "零";
          else if (LETTER.test(c)) folded += this.#simplified.get(c) ?? c;
          else folded += BREAK;
        }
      this.#known.set(character, folded);
    }
    return folded;
  }

  // The normal form, and for each of its code units where in the text the character that it comes from begins.
  map(text) {
    let normal = "";
    const places = [];
    let at = 0;
    for (const character of text) {
      for (const c of this.fold(character)) {
        if (c !== BREAK || (normal && !normal.endsWith(BREAK))) {
          normal += c;
          for (let i = 0; i < c.length; i++) places.push(at);
        }
      }
      at += character.length;
    }
    if (normal.endsWith(BREAK)) {
      normal = normal.slice(0, -1);
      places.pop();
    }
    return { normal, places };
  }

  of(text) {
    return this.map(text).normal;
  }
}
