//! Words that say nothing about what is asked.

use std::{collections::HashMap, sync::LazyLock};

use super::folding::{self, Class, Pairs, class, folded};
use crate::model::Language;

/// Whether a word (as typed, any case) says nothing about what is asked in this language: articles,
/// prepositions, pronouns, auxiliary verbs and question words. In [`Language::Other`] no word does.
///
/// For Japanese, Chinese and Korean it may also be asked of the terms that texts in these scripts give.
#[must_use]
pub fn is_stop_word(word: &str, language: Language) -> bool {
    if NAMES.contains(&word) {
        return false;
    }
    mask(word) & bit(language) != 0
        || match language {
            Language::Ja => is_grammar_in_kana(word),
            Language::Zh => !word.is_empty() && word.chars().all(|c| CHINESE_LETTERS.contains(c)),
            _ => false,
        }
}

/// The languages in which a word of a Latin-script text is a stop word, one bit each, as in [`bit`].
pub(super) fn mask(word: &str) -> u16 {
    thread_local! {
        static LOWER: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    }
    if word.len() > 32 {
        return 0;
    }
    LOWER.with_borrow_mut(|lower| {
        lower.clear();
        folding::push_lower(word, lower);
        lower.retain(|c| !matches!(c, '\'' | '’'));
        WORDS.get(lower.as_str()).copied().unwrap_or(0)
    })
}

/// The bit of a language in [`mask`]; none for [`Language::Other`].
pub(super) fn bit(language: Language) -> u16 {
    Language::ALL.iter().position(|&known| known == language).map_or(0, |at| 1 << at)
}

/// Japanese grammar is written in Hiragana, so a pair of these letters hardly ever tells what a text is about.
fn is_grammar_in_kana(word: &str) -> bool {
    let is_hiragana = |c: char| matches!(c, '\u{3041}'..='\u{309f}');
    word.chars().count() <= 2
        && !word.is_empty()
        && word.chars().all(|c| is_hiragana(c) && class(c) == Class::Paired(Pairs::HanKana))
}

/// Stop words that are names when they are typed so.
const NAMES: [&str; 4] = ["Go", "IT", "US", "WHO"];

static WORDS: LazyLock<HashMap<String, u16>> = LazyLock::new(|| {
    let mut words = HashMap::with_capacity(2_500);
    for (language, list) in LISTS {
        for word in list.split_ascii_whitespace() {
            *words.entry(word.to_owned()).or_default() |= bit(language);
            // On keyboards accents are left out; but the German umlauts make other words (`über`, Uber).
            if language != Language::De && !word.is_ascii() {
                *words.entry(folded(word)).or_default() |= bit(language);
            }
        }
    }
    words
});

const LISTS: [(Language, &str); 10] = [
    (Language::En, ENGLISH),
    (Language::De, GERMAN),
    (Language::Fr, FRENCH),
    (Language::Es, SPANISH),
    (Language::Pt, PORTUGUESE),
    (Language::It, ITALIAN),
    (Language::Nl, DUTCH),
    (Language::Ja, JAPANESE),
    (Language::Zh, CHINESE),
    (Language::Ko, KOREAN),
];

const ENGLISH: &str = "a about above across actually after again all almost along already also although always am \
an and another any anyway are arent around as at away back be became because been before being below between both \
but by came can cannot cant come could couldnt did didnt do does doesnt doing done dont down during each either else \
enough etc even ever every few for from further get gets getting give gave go goes going gone got had hadnt has \
hasnt have havent having he her here hers herself hes hey hi hello him himself his how hows however i id if ill im \
in instead into is isnt it its itself ive just kind kindly lets let like likely made make makes many may maybe me \
might mine more most much must my myself near neither never no none nor not now of off often oh ok okay on once one \
only onto or other others ought our ours ourselves out over own per perhaps please possibly quite rather really \
same shall she shes should shouldnt since so some somehow still such than thank thanks that thats the their theirs \
them themselves then there theres these they theyre theyve this those though through thru thus to together too \
toward towards under until up upon us very via was wasnt way we wed well were werent weve what whatever whats when \
whenever where wheres whereas whether which whichever while who whoever whom whos whose why will with within \
without wont would wouldnt yes yet you youd youll your youre yours yourself yourselves youve";

const GERMAN: &str = "ab aber alle allem allen aller alles als also am an ander andere anderem anderen anderer \
anderes auch auf aus außer bei beim bin bis bist bitte da dabei dadurch dafür dagegen daher damit danach dann daran \
darauf daraus darin darüber das dass dasselbe davon dazu dein deine deinem deinen deiner dem den denen denn der deren \
derselbe des dessen deshalb dich die dies diese dieselbe diesem diesen dieser dieses dir doch dort du durch eben \
ein eine einem einen einer eines einige einigen einiger einiges einmal er es etwa etwas euch euer eure eurem euren \
für gab gar gegen gegenüber gern getan gewesen geworden gib gibt ging hab habe haben hallo hat hatte hatten hattest \
hier hin hinter hätte hätten ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins ist ja jede jedem jeden \
jeder jedes jedoch jemand jene jenem jenen jener jenes jetzt kam kann kannst kein keine keinem keinen keiner können \
könnte könnten laut machen macht machte man manche mehr mein meine meinem meinen meiner mich mir mit muss musste \
müssen nach nachdem neben nein nicht nichts noch nun nur ob oben oder ohne schon sehr sein seine seinem seinen seiner \
seit selbst sich sie sind so sogar solche soll sollen sollte sollten sondern sonst sowie statt trotz um und uns unser \
unsere unserem unseren unter viel viele vielen vom von vor wann war waren warst warum was weil weiter welche welchem \
welchen welcher welches wem wen wenig wenn wer werde werden weshalb wessen wie wieder wieso wieviel will wir wird \
wirst wo wobei wodurch wofür woher wohin womit worden worüber wovon wozu wollen wollte wurde wurden während würde \
würden zu zum zur zwar zwischen über";

const FRENCH: &str = "a à ai ainsi alors après as assez au aucun aucune aujourdhui auquel aura aussi autre autres aux \
auxquels avaient avais avait avant avec avez avoir avons ayant beaucoup bien bonjour c ça car ce ceci cela celle celles \
celui cependant ces cet cette ceux chaque chez ci combien comme comment contre d dans de déjà depuis derrière des dès \
desquels dessous dessus deux devant doit donc dont du duquel durant elle elles en encore entre es est estce et étaient \
étais était étant été êtes étiez être eu eux fait faire faites fais faut fois font fut grâce hors ici il ils j je \
jusque jusqu l la là laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma mais malgré me même \
mêmes mes merci mien moi moins mon n ne ni non nos notre nous on ont ou où par parce parmi pas pendant peu peut peuvent \
peux plus plusieurs plutôt pour pourquoi pouvait pouvez près puis puisque qu quand que quel quelle quelles quelque \
quelques quels qui quoi s sa sans sauf se sera seront ses seulement si sien sinon soi soit sommes son sont sous souvent \
suis sur t ta tandis te tel telle tels tes toi ton toujours tous tout toute toutes très trop tu un une vers voici \
voilà vos votre vous y selon ayez quelquun cétait";

const SPANISH: &str = "a acerca ahí ahora al algo alguien algún alguna algunas alguno algunos allá allí ambos ante \
antes aquel aquella aquellas aquellos aquí así aún aunque bajo bien cada casi como cómo con conmigo contra cosa cual \
cuál cuales cuáles cualquier cuando cuándo cuanto cuánta cuántas cuánto cuántos da dan dar de debe deben del demás dentro \
desde después dio donde dónde dos durante e el él ella ellas ello ellos en entonces entre era eran eres es esa esas ese \
eso esos esta está estaba estaban están estar estas este esto estos estoy estuvo fue fueron fui gracias ha había habían \
haber habrá hace hacen hacer hacia han hasta hay he hecho hizo hola hoy hubo incluso ir iba jamás junto la las le les lo \
los luego más me mediante menos mi mí mientras mis misma mismas mismo mismos mucha muchas mucho muchos muy nada nadie \
ni ningún ninguna ninguno no nos nosotros nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para parte \
pero poco por porque porqué puede pueden pues que qué quien quién quienes quiénes se sea según ser será si sí sido \
siempre sin sino sobre solo sólo son soy su sus suya suyo tal también tampoco tan tanto te tener tenía tiene tienen toda \
todas todavía todo todos tras tu tú tus tuvo un una unas uno unos usted ustedes va van vez y ya yo";

const PORTUGUESE: &str = "a à agora aí ainda algo alguém algum alguma algumas alguns ali ambos ante antes ao aos apenas \
após aquela aquelas aquele aqueles aqui aquilo as às assim até através bem cada com como comigo contra contudo cuja \
cujo da daquele daqui das de dela dele deles demais depois desde dessa desse desta deste deve devem disse disso disto \
do dois dos durante e é ela elas ele eles em embora enquanto entre era eram essa essas esse esses esta está estão estar \
estas estava estavam este estes esteve estou eu faz fazer fez foi for fora foram fui graças há isso isto já la lá lhe \
lhes logo mais mas me meio menos mesma mesmas mesmo mesmos meu meus mim minha minhas muita muitas muito muitos na nada \
não nas nem nenhum nenhuma nessa nesse nesta neste ninguém no nos nós nossa nossas nosso nossos num numa nunca o obrigado \
olá onde os ou outra outras outro outros para pela pelas pelo pelos perante pode podem pois por porém porque porquê \
pouco qual quais qualquer quando quanta quantas quanto quantos que quê quem se seja sem sempre sendo ser será seu seus si \
sido sim só sob sobre são sua suas tal também tampouco tanto tão te tem têm tenho ter teve tinha tinham toda todas todavia \
todo todos tu tudo um uma umas uns vai você vocês vos";

const ITALIAN: &str = "a abbiamo ad agli ai al alcun alcuna alcune alcuni alla alle allo allora altra altre altri altro \
anche ancora appena avere aveva avevano avete avuto ben bene c che chi ci ciao ciascuno cioè ciò col come comunque con \
contro cosa così cui d da dagli dai dal dalla dalle dallo davanti degli dei del dell della delle dello dentro di dopo \
dove due dunque durante e è ecco ed era erano eri essere fa fare fatto fin fino fosse fra fu fuori furono già gli grazie \
ha hai hanno ho i il in infatti insieme intanto io l la là le lei li lo loro lui ma mai me meno mentre mi mia mie miei mio \
molta molte molti molto ne né negli nei nel nell nella nelle nello nessun nessuna nessuno niente noi non nostra nostre \
nostri nostro nulla o od ogni ognuno oltre ora oppure per perché perciò però più piuttosto poco poi possono presso prima \
proprio può qua qual quale quali qualche qualcosa qualcuno quando quanta quante quanti quanto quasi quella quelle quelli \
quello quest questa queste questi questo qui quindi sarà sarebbe se sei sempre senza si sia siamo siete sono sopra \
sotto sta stata state stati stato stesso su sua sue sugli sui sul sulla sulle sullo suo suoi tale tali tanto te ti tra \
tramite tu tua tue tuo tuoi tutta tutte tutti tutto un una uno va verso vi voi vostro";

const DUTCH: &str = "aan achter al alle alleen alles als altijd ander andere anders ben bij binnen boven bijna buiten \
daar daarin daarmee daarna daarom daarvan dan dat de deden deed den der deze die dit doch doen doet door dus een één \
eens elk elke en enige er erg ergens even ging ga gaan gaat geen gedaan geweest geworden goed haar had hadden hallo heb \
hebben hebt heeft heel hem hen het hier hij hoe hoeveel hoewel hun ieder iedere iedereen iemand iets ik in is ja jaar je \
jij jou jouw jullie kan kon konden kunnen kwam laten maar maakt maken me meer men met mij mijn misschien moest moet moeten \
mogen na naar naast niemand niet niets nog nooit nu of om omdat onder ons onze ook op over per reeds sinds soms steeds \
tegen te ten ter tijdens toch toen tot totdat tussen u uit uw vaak van vanaf vanuit veel via volgens voor vooral waar \
waarin waarom waarmee waarover waren was wat we weer wel welk welke werd werden wie wiens wij wil wilde word worden wordt \
zal ze zei zelf zich zij zijn zo zoals zonder zou zouden zowel";

const JAPANESE: &str = "どこで どこに どこから どのような どのように どうして どうやって どれくらい いくつ いつから いつまで なに なん \
だれ だれが なぜ どなた 誰 誰が 誰の 何 何が 何を 何の 何人 何で 何時 です ですか でした でしたか ます ますか ました ましたか ません \
ある あった あります ありました ありますか いる いた います いました する した して します される された されて できる できた なる \
なった という といった とは では には への からの までの について における において によって による として とともに ため ために こと \
もの これ それ あれ この その あの ここ そこ そして また しかし ください 教えて 教えてください は が を に の で と も へ や か から \
まで より ね よ など だけ ほど くらい ぐらい さん";

const CHINESE: &str = "什么 甚么 谁 誰 哪 哪里 哪裡 哪儿 哪个 哪些 怎么 怎样 怎麼 如何 为什么 為什麼 何时 何時 几 多少 是否 吗 嗎 呢 吧 啊 \
的 地 得 了 着 过 是 不是 在 有 没有 沒有 和 与 與 及 或 或者 但 但是 而 而且 也 都 就 还 還 又 很 更 最 把 被 让 给 对 對 从 從 到 于 於 \
以 为 為 由 向 之 其 这 這 这个 这些 那 那个 那些 我 我们 你 你们 您 他 他们 她 它 它们 自己 请 請 请问 請問 一个 一些 可以 能 会 會 \
要 想 关于 關於 里 中 上 下";

/// Letters that pairs of which say nothing either.
const CHINESE_LETTERS: &str = "什么麼甚谁誰哪怎吗嗎呢吧啊的地得了是在有和与與及或但而也都就还還又很把被对對从從于於为為之其这這那我你您他她它们們请請问問几";

const KOREAN: &str = "은 는 이 가 을 를 의 에 에서 에게 으로 로 와 과 도 만 까지 부터 보다 처럼 하고 이나 이다 입니다 입니까 인가요 \
인가 나요 가요 까요 습니 니다 니까 습니까 했나 했나요 있나 있나요 있는 있다 있었 었나 였나 무엇 무엇인가요 무엇이 뭐 뭔가요 \
누구 누가 어디 어디서 어디에서 언제 어떻게 어떤 어느 왜 몇 얼마나 얼마 그 이것 그것 저것 그리고 그러나 하지만 또는 및 것 \
수 등 대한 대해 대해서 위한 위해 하는 하다 한다 했다 합니다 했습니다 되는 된 되다 있습니다 없는 없다 저 나 우리 당신 좀 \
요 에는 에서는 으로는 이라 라는 이름은";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_depends_on_the_language() {
        for (word, language, expected) in [
            ("the", Language::En, true),
            ("The", Language::En, true),
            ("What’s", Language::En, true),
            ("didn't", Language::En, true),
            ("didnt", Language::En, true),
            ("die", Language::De, true),
            ("die", Language::En, false),
            ("die", Language::Other, false),
            ("the", Language::Other, false),
            ("us", Language::En, true),
            ("US", Language::En, false),
            ("Go", Language::En, false),
            ("go", Language::En, true),
            ("Kubernetes", Language::En, false),
            ("über", Language::De, true),
            ("uber", Language::De, false),
            ("où", Language::Fr, true),
            ("qué", Language::Es, true),
            ("que", Language::Es, true),
            ("nao", Language::Pt, true),
            ("perche", Language::It, true),
            ("wat", Language::Nl, true),
            ("どこ", Language::Ja, true),
            ("何", Language::Ja, true),
            ("会場", Language::Ja, false),
            ("什么", Language::Zh, true),
            ("是什", Language::Zh, true),
            ("网盘", Language::Zh, false),
            ("무엇", Language::Ko, true),
            ("이름", Language::Ko, false),
            ("", Language::Zh, false),
            ("", Language::Ja, false),
        ] {
            assert_eq!(is_stop_word(word, language), expected, "{word} {language:?}");
        }
    }

    #[test]
    fn every_language_has_a_list() {
        for language in Language::ALL {
            assert!(
                LISTS.iter().any(|(listed, words)| *listed == language && words.len() > 200),
                "{language:?}"
            );
        }
    }

    #[test]
    fn words_of_the_lists_are_written_as_they_are_looked_up() {
        for (language, list) in LISTS {
            for word in list.split_ascii_whitespace() {
                assert!(is_stop_word(word, language), "{language:?} {word}");
            }
        }
    }
}
