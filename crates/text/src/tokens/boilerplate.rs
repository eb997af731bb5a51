//! Words that nearly every question about a recap holds, and that so tell little about what is asked.

use std::{collections::HashSet, sync::LazyLock};

use super::folding::folded;

/// Whether a word (as typed, any case) belongs to the talk around a question, in any language: recap, talk,
/// say, anyone. Such a word should weigh little, but not vanish: somebody may ask about talks.
#[must_use]
pub fn is_boilerplate(word: &str) -> bool {
    word.len() <= 48 && WORDS.contains(folded(word).as_str())
}

static WORDS: LazyLock<HashSet<String>> =
    LazyLock::new(|| LISTS.iter().flat_map(|list| list.split_ascii_whitespace()).map(folded).collect());

const LISTS: [&str; 8] = [ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, ASIAN];

const ENGLISH: &str = "folk folks guys stuff stood stick stuck out overview roundup wrapup look-back lookback retrospective writer sum summed like liked way ways according account answer anybody anyone anything article articles ask asked author authors blog \
blogger blogpost blogs call called cite cited comment comments conf conference conferences cover covered covers \
describe described describes discuss discussed discussion edition editions event events everybody everyone everything \
explain explained explains find finds found happen happened happens hear heard help highlight highlighted highlights \
impression impressions information info insight insights interesting know known knows learn learned learning learnings \
learnt lesson lessons list main mean meaning means mention mentioned mentioning mentions name named names note noted \
notes opinion people person point points post posted posts question quote quoted read recap recaps remark report reported \
reports said saw say saying says see seen share shared show showed shown shows somebody someone something speak speaks \
spoke stand stands state stated states story suggest summarise summarize summary take takeaway takeaways takes talk \
talked talking talks tell tells thing things think thinking thinks thought thoughts told took topic topics trip view \
views visitor want wants went word words wrap write writes writeup writing written wrote";

const GERMAN: &str = "artikel artikeln aussage autor autoren beitrag beiträge bericht berichte berichten berichtet \
berichtete beschreibt beschrieben eindruck eindrücke erfahren erfuhr ergebnis ergebnisse erkenntnis erkenntnisse \
erwähnt erwähnte erzählen erzählt erzählte fazit finden fand frage gefunden gelernt genannt gesagt gesehen gesprochen \
geschah geschrieben heißt information informationen irgendwas irgendwer jeder jemand konferenz konferenzen leute lernen \
meint meinte meinung menschen nennen nennt passiert passierte person personen reden rückblick sache sachen sagen sagt \
sagte sagten hielten halten schreiben schreibt schrieb sprach sprechen spricht tagung teil thema themen treffen veranstaltung \
veranstaltungen wissen wort worte zusammenfassung";

const FRENCH: &str = "apprendre appris appelle article articles auteur auteurs avis billet blog chose choses compte \
conférence conférences connaître d'après dire disait disent dit décrit édition entendu événement événements expliqué \
explique gens idée impression impressions information informations leçon leçons mentionne mentionné mentionner mot nom \
nomme opinion parle parlé parlent parler passé penser pense personne personnes point points quelqu'un quelque-chose \
raconte raconté rapport récit rendu résumé retenir retour retours savoir sait sujet sujets trouve trouvé voir vu";

const SPANISH: &str = "alguien aprender aprendido aprendió aprendizajes artículo artículos asunto autor autores charla \
conferencia conferencias contaba contar cosas crónica crónicas cuenta cuentan decir describe dice dicen dicho dijo dijeron \
edición encontrar entrada evento eventos explica explicó gente hablar habla hablan habló idea ideas impresiones \
información informe lección lecciones llama llamado menciona mencionan mencionar mencionó nombre opina opinión palabra \
pasó pensar persona personas piensa punto puntos relato resumen saber sabe sucedió tema temas visto";

const PORTUGUESE: &str = "aconteceu alguém aprender aprendeu aprendi aprendizado aprendizados artigo artigos assunto autor \
autora chama chamado coisa coisas conferência conferências conta contou contar descreve destaque destaques disse disseram \
diz dizem dizer edição evento eventos explica explicou falado falam falar fala falou ideia ideias impressões informação \
lição lições menciona mencionado mencionam mencionar mencionou nome opinião palavra pensa pensar pessoa pessoas ponto \
pontos relato resumo saber sabe tema temas viu";

const ITALIAN: &str = "argomento argomenti articolo articoli autore autori chiama conferenza conferenze cosa cose descrive \
detto dice dicono dire edizione evento eventi gente idea idee impressioni imparare imparato informazioni lezione lezioni \
menziona menzionato nome opinione parla parlano parlare parlato parola pensa pensare persona persone punti racconta \
raccontato resoconto riassunto sapere spiega spiegato succede successo tema temi visto";

const DUTCH: &str = "artikel artikelen auteur auteurs beschrijft beurs bericht blog conferentie conferenties dingen \
evenement evenementen genoemd gebeurd gebeurde geleerd gezegd gezien geschreven geschiedde iemand iets indruk indrukken \
inzicht inzichten lessen leren mening mensen naam noemde noemen noemt onderwerp onderwerpen persoon personen praat praatte \
praten samenvatting schreef schrijft sprak spreken spreekt vertelde vertellen vertelt verslag vinden vond weet weten \
woord zeggen zegt zei";

const ASIAN: &str = "について 感想 紹介 記事 参加 カンファレンス イベント 会議 人 話 発表 内容 まとめ 名前 レポート 会议 大会 活动 文章 \
作者 提到 说 說 人们 总结 總結 收获 心得 内容 名字 介绍 컨퍼런스 행사 후기 글 사람 사람들 소개 소개된 내용 이름 정리 발표";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_around_questions() {
        for (word, expected) in [
            ("Takeaways", true),
            ("recap", true),
            ("said", true),
            ("anyone", true),
            ("conférence", true),
            ("CONFERENCE", true),
            ("Erkenntnisse", true),
            ("感想", true),
            ("mesh", false),
            ("Kubernetes", false),
            ("keynote", false),
            ("", false),
        ] {
            assert_eq!(is_boilerplate(word), expected, "{word}");
        }
    }
}
