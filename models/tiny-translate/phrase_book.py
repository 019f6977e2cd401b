"""The words of the phrase book: every row is one meaning in English | Spanish | Portuguese | German | French.

Nouns: a gender after the word (m, f, n), an irregular plural after a slash; German always names its plural.
"""

LANGUAGES = ("en", "es", "pt", "de", "fr")


def rows(text):
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines() if line.strip()]


THINGS = rows("""
book | libro m | livro m | Buch n/Bücher | livre m
car | coche m | carro m | Auto n/Autos | voiture f
house | casa f | casa f | Haus n/Häuser | maison f
ticket | billete m | bilhete m | Fahrkarte f/Fahrkarten | billet m
phone | teléfono m | telefone m | Telefon n/Telefone | téléphone m
computer | ordenador m | computador m | Computer m/Computer | ordinateur m
bag | bolsa f | bolsa f | Tasche f/Taschen | sac m
key | llave f | chave f | Schlüssel m/Schlüssel | clé f
table | mesa f | mesa f | Tisch m/Tische | table f
chair | silla f | cadeira f | Stuhl m/Stühle | chaise f
door | puerta f | porta f | Tür f/Türen | porte f
window | ventana f | janela f | Fenster n/Fenster | fenêtre f
room | habitación f | quarto m | Zimmer n/Zimmer | chambre f
bed | cama f | cama f | Bett n/Betten | lit m
lamp | lámpara f | lâmpada f | Lampe f/Lampen | lampe f
clock | reloj m | relógio m | Uhr f/Uhren | horloge f
letter | carta f | carta f | Brief m/Briefe | lettre f
newspaper | periódico m | jornal m | Zeitung f/Zeitungen | journal m/journaux
photo | foto f | foto f | Foto n/Fotos | photo f
camera | cámara f | câmera f | Kamera f/Kameras | caméra f
bicycle | bicicleta f | bicicleta f | Fahrrad n/Fahrräder | vélo m
train | tren m | trem m | Zug m/Züge | train m
bus | autobús m/autobuses | ônibus m/ônibus | Bus m/Busse | bus m
plane | avión m | avião m | Flugzeug n/Flugzeuge | avion m
boat | barco m | barco m | Boot n/Boote | bateau m
shirt | camisa f | camisa f | Hemd n/Hemden | chemise f
dress | vestido m | vestido m | Kleid n/Kleider | robe f
shoe | zapato m | sapato m | Schuh m/Schuhe | chaussure f
hat | sombrero m | chapéu m | Hut m/Hüte | chapeau m
coat | abrigo m | casaco m | Mantel m/Mäntel | manteau m
umbrella | paraguas m/paraguas | guarda-chuva m | Regenschirm m/Regenschirme | parapluie m
gift | regalo m | presente m | Geschenk n/Geschenke | cadeau m
game | juego m | jogo m | Spiel n/Spiele | jeu m/jeux
song | canción f | canção f | Lied n/Lieder | chanson f
movie | película f | filme m | Film m/Filme | film m
story | historia f | história f | Geschichte f/Geschichten | histoire f
question | pregunta f | pergunta f | Frage f/Fragen | question f
answer | respuesta f | resposta f | Antwort f/Antworten | réponse f
word | palabra f | palavra f | Wort n/Wörter | mot m
idea | idea f | ideia f | Idee f/Ideen | idée f
problem | problema m | problema m | Problem n/Probleme | problème m
map | mapa m | mapa m | Karte f/Karten | carte f
flower | flor f | flor f | Blume f/Blumen | fleur f
tree | árbol m | árvore f | Baum m/Bäume | arbre m
dog | perro m | cachorro m | Hund m/Hunde | chien m
cat | gato m | gato m | Katze f/Katzen | chat m
bird | pájaro m | pássaro m | Vogel m/Vögel | oiseau m
horse | caballo m | cavalo m | Pferd n/Pferde | cheval m/chevaux
glass | vaso m | copo m | Glas n/Gläser | verre m
cup | taza f | xícara f | Tasse f/Tassen | tasse f
bottle | botella f | garrafa f | Flasche f/Flaschen | bouteille f
knife/knives | cuchillo m | faca f | Messer n/Messer | couteau m
machine | máquina f | máquina f | Maschine f/Maschinen | machine f
suitcase | maleta f | mala f | Koffer m/Koffer | valise f
""")

SNACKS = rows("""
apple | manzana f | maçã f | Apfel m/Äpfel | pomme f
orange | naranja f | laranja f | Orange f/Orangen | orange f
egg | huevo m | ovo m | Ei n/Eier | œuf m
cake | pastel m | bolo m | Kuchen m/Kuchen | gâteau m
sandwich | bocadillo m | sanduíche m | Sandwich n/Sandwiches | sandwich m
tomato/tomatoes | tomate m | tomate m | Tomate f/Tomaten | tomate f
potato/potatoes | patata f | batata f | Kartoffel f/Kartoffeln | pomme de terre f/pommes de terre
banana | plátano m | banana f | Banane f/Bananen | banane f
""")

# Not counted; the Spanish article is named where it is not the gender's.
FOOD = rows("""
bread | pan m | pão m | Brot n | pain m
cheese | queso m | queijo m | Käse m | fromage m
meat | carne f | carne f | Fleisch n | viande f
rice | arroz m | arroz m | Reis m | riz m
chocolate | chocolate m | chocolate m | Schokolade f | chocolat m
soup | sopa f | sopa f | Suppe f | soupe f
""")

DRINKS = rows("""
coffee | café m | café m | Kaffee m | café m
tea | té m | chá m | Tee m | thé m
milk | leche f | leite m | Milch f | lait m
water | agua f | água f | Wasser n | eau f
wine | vino m | vinho m | Wein m | vin m
beer | cerveza f | cerveja f | Bier n | bière f
juice | zumo m | suco m | Saft m | jus m
""")

PLACES = rows("""
station | estación f | estação f | Bahnhof m/Bahnhöfe | gare f
airport | aeropuerto m | aeroporto m | Flughafen m/Flughäfen | aéroport m
hotel | hotel m | hotel m | Hotel n/Hotels | hôtel m
restaurant | restaurante m | restaurante m | Restaurant n/Restaurants | restaurant m
school | escuela f | escola f | Schule f/Schulen | école f
hospital | hospital m | hospital m | Krankenhaus n/Krankenhäuser | hôpital m/hôpitaux
bank | banco m | banco m | Bank f/Banken | banque f
museum | museo m | museu m | Museum n/Museen | musée m
park | parque m | parque m | Park m/Parks | parc m
market | mercado m | mercado m | Markt m/Märkte | marché m
supermarket | supermercado m | supermercado m | Supermarkt m/Supermärkte | supermarché m
church | iglesia f | igreja f | Kirche f/Kirchen | église f
library/libraries | biblioteca f | biblioteca f | Bibliothek f/Bibliotheken | bibliothèque f
office | oficina f | escritório m | Büro n/Büros | bureau m
kitchen | cocina f | cozinha f | Küche f/Küchen | cuisine f
garden | jardín m | jardim m | Garten m/Gärten | jardin m
beach | playa f | praia f | Strand m/Strände | plage f
city | ciudad f | cidade f | Stadt f/Städte | ville f
pharmacy | farmacia f | farmácia f | Apotheke f/Apotheken | pharmacie f
theater | teatro m | teatro m | Theater n/Theater | théâtre m
bridge | puente m | ponte f | Brücke f/Brücken | pont m
street | calle f | rua f | Straße f/Straßen | rue f
university | universidad f | universidade f | Universität f/Universitäten | université f
store | tienda f | loja f | Geschäft n/Geschäfte | magasin m
""")

FAMILY = rows("""
brother | hermano m | irmão m/irmãos | Bruder m/Brüder | frère m
sister | hermana f | irmã f | Schwester f/Schwestern | sœur f
father | padre m | pai m | Vater m/Väter | père m
mother | madre f | mãe f/mães | Mutter f/Mütter | mère f
friend | amigo m | amigo m | Freund m/Freunde | ami m
son | hijo m | filho m | Sohn m/Söhne | fils m
daughter | hija f | filha f | Tochter f/Töchter | fille f
uncle | tío m | tio m | Onkel m/Onkel | oncle m
aunt | tía f | tia f | Tante f/Tanten | tante f
grandmother | abuela f | avó f | Großmutter f/Großmütter | grand-mère f/grands-mères
""")

PEOPLE = rows("""
doctor | médico m | médico m | Arzt m/Ärzte | médecin m
teacher | profesor m | professor m | Lehrer m/Lehrer | professeur m
boss | jefe m | chefe m | Chef m/Chefs | chef m
child/children | niño m | criança f | Kind n/Kinder | enfant m
woman/women | mujer f | mulher f | Frau f/Frauen | femme f
man/men | hombre m | homem m | Mann m/Männer | homme m
""")

PROFESSIONS = rows("""
doctor | médico | médico | Arzt | médecin
teacher | profesor | professor | Lehrer | professeur
engineer | ingeniero | engenheiro | Ingenieur | ingénieur
cook | cocinero | cozinheiro | Koch | cuisinier
lawyer | abogado | advogado | Anwalt | avocat
driver | conductor | motorista | Fahrer | chauffeur
writer | escritor | escritor | Schriftsteller | écrivain
musician | músico | músico | Musiker | musicien
artist | artista | artista | Künstler | artiste
farmer | agricultor | agricultor | Bauer | agriculteur
""")

COMPUTING = rows("""
file | archivo m | arquivo m | Datei f/Dateien | fichier m
folder | carpeta f | pasta f | Ordner m/Ordner | dossier m
page | página f | página f | Seite f/Seiten | page f
message | mensaje m | mensagem f | Nachricht f/Nachrichten | message m
image | imagen f/imágenes | imagem f | Bild n/Bilder | image f
video | vídeo m | vídeo m | Video n/Videos | vidéo f
password | contraseña f | senha f | Passwort n/Passwörter | mot de passe m/mots de passe
account | cuenta f | conta f | Konto n/Konten | compte m
button | botón m | botão m | Knopf m/Knöpfe | bouton m
link | enlace m | link m/links | Link m/Links | lien m
document | documento m | documento m | Dokument n/Dokumente | document m
user | usuario m | usuário m | Benutzer m/Benutzer | utilisateur m
code | código m | código m | Code m/Codes | code m
product | producto m | produto m | Produkt n/Produkte | produit m
order | pedido m | pedido m | Bestellung f/Bestellungen | commande f
invoice | factura f | fatura f | Rechnung f/Rechnungen | facture f
address | dirección f | endereço m | Adresse f/Adressen | adresse f
comment | comentario m | comentário m | Kommentar m/Kommentare | commentaire m
report | informe m | relatório m | Bericht m/Berichte | rapport m
project | proyecto m | projeto m | Projekt n/Projekte | projet m
group | grupo m | grupo m | Gruppe f/Gruppen | groupe m
list | lista f | lista f | Liste f/Listen | liste f
email | correo m | e-mail m/e-mails | E-Mail f/E-Mails | e-mail m
application | aplicación f | aplicativo m | Anwendung f/Anwendungen | application f
server | servidor m | servidor m | Server m/Server | serveur m
version | versión f | versão f | Version f/Versionen | version f
update | actualización f | atualização f | Aktualisierung f/Aktualisierungen | mise à jour f/mises à jour
error | error m | erro m | Fehler m/Fehler | erreur f
model | modelo m | modelo m | Modell n/Modelle | modèle m
language | idioma m | idioma m | Sprache f/Sprachen | langue f
""")

# English | Spanish | Portuguese | German | French; feminine after a slash, plural after a second one. `be`: a state (estar).
# `before`: stands before the noun in French. `person`: said of people.
ADJECTIVES = rows("""
big | grande | grande | groß | grand before
small | pequeño | pequeno | klein | petit before
new | nuevo | novo | neu | nouveau/nouvelle before
old | viejo | velho | alt | vieux/vieille before
good | bueno | bom/boa | gut | bon/bonne before
beautiful | hermoso | bonito | schön | beau/belle before
long | largo | longo | lang | long/longue before
expensive | caro | caro | teuer | cher/chère
red | rojo | vermelho | rot | rouge
blue | azul | azul/azul/azuis | blau | bleu
green | verde | verde | grün | vert
black | negro | preto | schwarz | noir
white | blanco | branco | weiß | blanc/blanche
yellow | amarillo | amarelo | gelb | jaune
short | corto | curto | kurz | court
important | importante | importante | wichtig | important
interesting | interesante | interessante | interessant | intéressant
difficult | difícil | difícil/difícil/difíceis | schwierig | difficile
easy | fácil | fácil/fácil/fáceis | einfach | facile
modern | moderno | moderno | modern | moderne
strange | extraño | estranho | seltsam | étrange
fast | rápido | rápido | schnell | rapide
slow | lento | lento | langsam | lent
strong | fuerte | forte | stark | fort
heavy | pesado | pesado | schwer | lourd
cold | frío | frio | kalt | froid
clean | limpio | limpo | sauber | propre be
dirty | sucio | sujo | schmutzig | sale be
full | lleno | cheio | voll | plein be
empty | vacío | vazio | leer | vide be
open | abierto | aberto | offen | ouvert be
closed | cerrado | fechado | geschlossen | fermé be
ready | listo | pronto | fertig | prêt be
broken | roto | quebrado | kaputt | cassé be
free | libre | livre | frei | libre be
happy | feliz/feliz/felices | feliz/feliz/felizes | glücklich | heureux/heureuse be person
tired | cansado | cansado | müde | fatigué be person
sick | enfermo | doente | krank | malade be person
sad | triste | triste | traurig | triste be person
alone | solo | sozinho | allein | seul be person
""")

# What stands in brackets is irregular. en: base past; es: infinitive [stem that changes, or present I you he we they;
# past I you he we they]; pt: infinitive [present I he we they; past I he we they]; de: infinitive participle [you he];
# fr: infinitive participle [I you he we they]. After the colon: what it is done to.
VERBS = rows("""
buy bought | comprar | comprar | kaufen gekauft | acheter acheté [achète achètes achète achetons achètent] : things snacks
sell sold | vender | vender | verkaufen verkauft | vendre vendu [vends vends vend vendons vendent] : things snacks
see saw | ver [veo ves ve vemos ven; vi viste vio vimos vieron] | ver [vejo vê vemos veem; vi viu vimos viram] | sehen gesehen [siehst sieht] | voir vu [vois vois voit voyons voient] : things places people
need needed | necesitar | precisar+de | brauchen gebraucht | avoir_besoin+de eu_besoin [ai_besoin as_besoin a_besoin avons_besoin ont_besoin] : things computing snacks
find found | encontrar [encuentr] | encontrar | finden gefunden | trouver trouvé : things computing
lose lost | perder [pierd] | perder [perco perde perdemos perdem; perdi perdeu perdemos perderam] | verlieren verloren | perdre perdu [perds perds perd perdons perdent] : things
open opened | abrir | abrir | öffnen geöffnet | ouvrir ouvert [ouvre ouvres ouvre ouvrons ouvrent] : door window computing letter store
close closed | cerrar [cierr] | fechar | schließen geschlossen [schließt schließt] | fermer fermé : door window computing store
read read | leer [leo lees lee leemos leen; leí leíste leyó leímos leyeron] | ler [leio lê lemos leem; li leu lemos leram] | lesen gelesen [liest liest] | lire lu [lis lis lit lisons lisent] : book letter newspaper story message document report page list answer
write wrote | escribir | escrever | schreiben geschrieben | écrire écrit [écris écris écrit écrivons écrivent] : book letter story message document report comment code answer
send sent | enviar [envío envías envía enviamos envían; envié enviaste envió enviamos enviaron] | enviar | schicken geschickt | envoyer envoyé [envoie envoies envoie envoyons envoient] : letter photo gift message image video document invoice report file link
look_for looked_for | buscar | procurar | suchen gesucht | chercher cherché : things computing places
use used | usar | usar | benutzen benutzt [benutzt benutzt] | utiliser utilisé : phone computer camera car bicycle machine map computing
wash washed | lavar | lavar | waschen gewaschen [wäschst wäscht] | laver lavé : car shirt dress coat glass cup bottle dog apple window
paint painted | pintar | pintar | malen gemalt | peindre peint [peins peins peint peignons peignent] : house door chair table flower tree bird horse
forget forgot | olvidar | esquecer [esqueço esquece esquecemos esquecem; esqueci esqueceu esquecemos esqueceram] | vergessen vergessen [vergisst vergisst] | oublier oublié : things password
visit visited | visitar | visitar | besuchen besucht | visiter visité : museum church city school hospital university market library park
eat ate | comer | comer | essen gegessen [isst isst] | manger mangé [mange manges mange mangeons mangent] : snacks
bring brought | traer [traigo traes trae traemos traen; traje trajiste trajo trajimos trajeron] | trazer [trago traz trazemos trazem; trouxe trouxe trouxemos trouxeram] | bringen gebracht | apporter apporté : things snacks
sign signed | firmar | assinar | unterschreiben unterschrieben | signer signé : letter document invoice report
delete deleted | eliminar | excluir [excluo exclui excluímos excluem; excluí excluiu excluímos excluíram] | löschen gelöscht | supprimer supprimé : computing photo
save saved | guardar | salvar | speichern gespeichert [speicherst speichert] | enregistrer enregistré : computing photo
share shared | compartir | compartilhar | teilen geteilt | partager partagé [partage partages partage partageons partagent] : file folder page image video link document photo list idea story
change changed | cambiar | alterar | ändern geändert [änderst ändert] | modifier modifié : computing answer word
check checked | revisar | verificar | prüfen geprüft | vérifier vérifié : computing answer ticket
print printed | imprimir | imprimir | drucken gedruckt | imprimer imprimé : file page image document invoice report list ticket photo map
copy copied | copiar | copiar | kopieren kopiert | copier copié : file folder page image link code document list key
repair repaired | reparar | consertar | reparieren repariert | réparer réparé : car phone computer bicycle machine camera clock door window lamp
clean cleaned | limpiar | limpar | putzen geputzt [putzt putzt] | nettoyer nettoyé [nettoie nettoies nettoie nettoyons nettoient] : house room kitchen window office table shoe
translate translated | traducir [traduzco traduces traduce traducimos traducen; traduje tradujiste tradujo tradujimos tradujeron] | traduzir [traduzo traduz traduzimos traduzem; traduzi traduziu traduzimos traduziram] | übersetzen übersetzt [übersetzt übersetzt] | traduire traduit [traduis traduis traduit traduisons traduisent] : book letter word page document message song story
test tested | probar [prueb] | testar | testen getestet | tester testé : computing machine computer game
update updated | actualizar [actualizo actualizas actualiza actualizamos actualizan; actualicé actualizaste actualizó actualizamos actualizaron] | atualizar | aktualisieren aktualisiert | actualiser actualisé : page list document application project model
pay paid | pagar | pagar | bezahlen bezahlt | payer payé [paie paies paie payons paient] : ticket invoice room order
""")

DOINGS = rows("""
work worked | trabajar | trabalhar | arbeiten gearbeitet | travailler travaillé
sleep slept | dormir [duermo duermes duerme dormimos duermen; dormí dormiste durmió dormimos durmieron] | dormir [durmo dorme dormimos dormem; dormi dormiu dormimos dormiram] | schlafen geschlafen [schläfst schläft] | dormir dormi [dors dors dort dormons dorment]
wait waited | esperar | esperar | warten gewartet | attendre attendu [attends attends attend attendons attendent]
study studied | estudiar | estudar | studieren studiert | étudier étudié
cook cooked | cocinar | cozinhar | kochen gekocht | cuisiner cuisiné
sing sang | cantar | cantar | singen gesungen | chanter chanté
dance danced | bailar | dançar | tanzen getanzt [tanzt tanzt] | danser dansé
eat ate | comer | comer | essen gegessen [isst isst] | manger mangé [mange manges mange mangeons mangent]
""")

# a wish before an infinitive: I you he we they
WISHES = [
    {"en": ("want to", "wants to"), "es": "quiero quieres quiere queremos quieren", "pt": "quero quer queremos querem",
     "de": "will willst will wollen wollen", "fr": "veux veux veut voulons veulent"},
    {"en": ("can", "can"), "es": "puedo puedes puede podemos pueden", "pt": "posso pode podemos podem",
     "de": "kann kannst kann können können", "fr": "peux peux peut pouvons peuvent"},
    {"en": ("have to", "has to"), "es": "tengo_que tienes_que tiene_que tenemos_que tienen_que", "pt": "tenho_que tem_que temos_que têm_que",
     "de": "muss musst muss müssen müssen", "fr": "dois dois doit devons doivent"},
    {"en": ("am going to", "is going to", "are going to"), "es": "voy_a vas_a va_a vamos_a van_a", "pt": "vou vai vamos vão",
     "de": "werde wirst wird werden werden", "fr": "vais vas va allons vont"},
    {"en": ("would like to", "would like to"), "es": "me_gustaría te_gustaría le_gustaría nos_gustaría les_gustaría", "pt": "gostaria_de gostaria_de gostaríamos_de gostariam_de",
     "de": "möchte möchtest möchte möchten möchten", "fr": "voudrais voudrais voudrait voudrions voudraient"},
]

NOW = rows("""
today | hoy | hoje | heute | aujourd'hui
now | ahora | agora | jetzt | maintenant
every day | todos los días | todos os dias | jeden Tag | tous les jours
every week | cada semana | toda semana | jede Woche | chaque semaine
in the morning | por la mañana | de manhã | am Morgen | le matin
in the evening | por la noche | à noite | am Abend | le soir
""")
LATER = rows("""
tomorrow | mañana | amanhã | morgen | demain
next week | la próxima semana | na próxima semana | nächste Woche | la semaine prochaine
tonight | esta noche | hoje à noite | heute Abend | ce soir
this week | esta semana | esta semana | diese Woche | cette semaine
next month | el próximo mes | no próximo mês | nächsten Monat | le mois prochain
""")
BEFORE = rows("""
yesterday | ayer | ontem | gestern | hier
last week | la semana pasada | na semana passada | letzte Woche | la semaine dernière
this morning | esta mañana | esta manhã | heute Morgen | ce matin
last year | el año pasado | no ano passado | letztes Jahr | l'année dernière
""")
DAYS = rows("""
Monday | lunes | segunda-feira | Montag | lundi
Tuesday | martes | terça-feira | Dienstag | mardi
Wednesday | miércoles | quarta-feira | Mittwoch | mercredi
Thursday | jueves | quinta-feira | Donnerstag | jeudi
Friday | viernes | sexta-feira | Freitag | vendredi
Saturday | sábado | sábado | Samstag | samedi
Sunday | domingo | domingo | Sonntag | dimanche
""")
MONTHS = rows("""
January | enero | janeiro | Januar | janvier
February | febrero | fevereiro | Februar | février
March | marzo | março | März | mars
April | abril | abril | April | avril
May | mayo | maio | Mai | mai
June | junio | junho | Juni | juin
July | julio | julho | Juli | juillet
August | agosto | agosto | August | août
September | septiembre | setembro | September | septembre
October | octubre | outubro | Oktober | octobre
November | noviembre | novembro | November | novembre
December | diciembre | dezembro | Dezember | décembre
""")
COUNTS = rows("""
two | dos | dois | zwei | deux
three | tres | três | drei | trois
four | cuatro | quatro | vier | quatre
five | cinco | cinco | fünf | cinq
six | seis | seis | sechs | six
seven | siete | sete | sieben | sept
eight | ocho | oito | acht | huit
nine | nueve | nove | neun | neuf
ten | diez | dez | zehn | dix
twelve | doce | doze | zwölf | douze
twenty | veinte | vinte | zwanzig | vingt
""")

CITIES = rows("""
London | Londres | Londres | London | Londres
Paris | París | Paris | Paris | Paris
Berlin | Berlín | Berlim | Berlin | Berlin
Madrid | Madrid | Madri | Madrid | Madrid
Lisbon | Lisboa | Lisboa | Lissabon | Lisbonne
Rome | Roma | Roma | Rom | Rome
Vienna | Viena | Viena | Wien | Vienne
Munich | Múnich | Munique | München | Munich
Brussels | Bruselas | Bruxelas | Brüssel | Bruxelles
Geneva | Ginebra | Genebra | Genf | Genève
New York | Nueva York | Nova York | New York | New York
Tokyo | Tokio | Tóquio | Tokio | Tokyo
Moscow | Moscú | Moscou | Moskau | Moscou
Athens | Atenas | Atenas | Athen | Athènes
Barcelona | Barcelona | Barcelona | Barcelona | Barcelone
São Paulo | São Paulo | São Paulo | São Paulo | São Paulo
Buenos Aires | Buenos Aires | Buenos Aires | Buenos Aires | Buenos Aires
Hamburg | Hamburgo | Hamburgo | Hamburg | Hambourg
""")
COUNTRIES = rows("""
Germany | Alemania | a Alemanha | Deutschland | f Allemagne
France | Francia | a França | Frankreich | f France
Spain | España | a Espanha | Spanien | f Espagne
Portugal | Portugal | Portugal | Portugal | m Portugal
Brazil | Brasil | o Brasil | Brasilien | m Brésil
Italy | Italia | a Itália | Italien | f Italie
England | Inglaterra | a Inglaterra | England | f Angleterre
Mexico | México | o México | Mexiko | m Mexique
Argentina | Argentina | a Argentina | Argentinien | f Argentine
Japan | Japón | o Japão | Japan | m Japon
China | China | a China | China | f Chine
Canada | Canadá | o Canadá | Kanada | m Canada
Austria | Austria | a Áustria | Österreich | f Autriche
""")
TONGUES = rows("""
English | inglés | inglês | Englisch | anglais
Spanish | español | espanhol | Spanisch | espagnol
Portuguese | portugués | português | Portugiesisch | portugais
German | alemán | alemão | Deutsch | allemand
French | francés | francês | Französisch | français
Italian | italiano | italiano | Italienisch | italien
Japanese | japonés | japonês | Japanisch | japonais
Chinese | chino | chinês | Chinesisch | chinois
Russian | ruso | russo | Russisch | russe
Arabic | árabe | árabe | Arabisch | arabe
""")

# Whole sentences; NAME, CITY and NUMBER are filled in. A tilde separates other ways to say it, which are only read.
PHRASES = rows("""
Hello! | ¡Hola! | Olá! | Hallo! | Bonjour ! ~ Salut !
Hello, NAME! ~ Hi, NAME! | ¡Hola, NAME! | Olá, NAME! ~ Oi, NAME! | Hallo, NAME! | Bonjour, NAME ! ~ Salut, NAME !
Hello world! ~ Hello, world! | ¡Hola mundo! ~ ¡Hola, mundo! | Olá mundo! ~ Olá, mundo! | Hallo Welt! ~ Hallo, Welt! | Bonjour le monde ! ~ Bonjour, le monde !
Good morning! | ¡Buenos días! | Bom dia! | Guten Morgen! | Bonjour !
Good morning, NAME. | Buenos días, NAME. | Bom dia, NAME. | Guten Morgen, NAME. | Bonjour, NAME.
Good afternoon. | Buenas tardes. | Boa tarde. | Guten Tag. | Bon après-midi.
Good evening, NAME. | Buenas tardes, NAME. | Boa noite, NAME. | Guten Abend, NAME. | Bonsoir, NAME.
Good evening. | Buenas noches. | Boa noite. | Guten Abend. | Bonsoir.
Good night, NAME! | ¡Buenas noches, NAME! | Boa noite, NAME! | Gute Nacht, NAME! | Bonne nuit, NAME !
Goodbye! | ¡Adiós! | Adeus! ~ Tchau! | Auf Wiedersehen! | Au revoir !
Goodbye, NAME! | ¡Adiós, NAME! | Adeus, NAME! | Auf Wiedersehen, NAME! | Au revoir, NAME !
See you tomorrow! | ¡Hasta mañana! | Até amanhã! | Bis morgen! | À demain !
See you soon! | ¡Hasta pronto! | Até logo! | Bis bald! | À bientôt !
How are you? ~ How are you doing? | ¿Cómo estás? | Como você está? ~ Como vai você? | Wie geht es dir? ~ Wie geht's? | Comment vas-tu ? ~ Comment ça va ?
How are you today? ~ How are you doing today? | ¿Cómo estás hoy? | Como você está hoje? | Wie geht es dir heute? | Comment vas-tu aujourd'hui ?
I am fine, thank you. ~ I'm fine, thanks. ~ I'm fine, thank you. | Estoy bien, gracias. | Estou bem, obrigado. ~ Eu estou bem, obrigado. | Mir geht es gut, danke. | Je vais bien, merci.
Very well, thank you. | Muy bien, gracias. | Muito bem, obrigado. | Sehr gut, danke. | Très bien, merci.
And you? | ¿Y tú? | E você? | Und du? | Et toi ?
Thank you! ~ Thanks! | ¡Gracias! | Obrigado! | Danke! | Merci !
Thank you very much! | ¡Muchas gracias! | Muito obrigado! | Vielen Dank! | Merci beaucoup !
Thank you for your help. ~ Thanks for your help. | Gracias por tu ayuda. | Obrigado pela sua ajuda. | Danke für deine Hilfe. | Merci pour ton aide.
Thank you for your message. ~ Thanks for your message. | Gracias por tu mensaje. | Obrigado pela sua mensagem. | Danke für deine Nachricht. | Merci pour ton message.
You are welcome. ~ You're welcome. | De nada. | De nada. | Gern geschehen. | De rien.
Please. | Por favor. | Por favor. | Bitte. | S'il vous plaît.
Yes. | Sí. | Sim. | Ja. | Oui.
No. | No. | Não. | Nein. | Non.
Yes, please. | Sí, por favor. | Sim, por favor. | Ja, bitte. | Oui, s'il vous plaît.
No, thank you. ~ No, thanks. | No, gracias. | Não, obrigado. | Nein, danke. | Non, merci.
Maybe. | Quizás. | Talvez. | Vielleicht. | Peut-être.
Of course! | ¡Por supuesto! | Claro! | Natürlich! | Bien sûr !
Excuse me! | ¡Perdón! | Com licença! | Entschuldigung! | Excusez-moi !
I am sorry. ~ I'm sorry. ~ Sorry. | Lo siento. | Sinto muito. | Es tut mir leid. | Je suis désolé.
No problem. | No hay problema. | Sem problema. | Kein Problem. | Pas de problème.
Welcome! | ¡Bienvenido! | Bem-vindo! | Willkommen! | Bienvenue !
Welcome to CITY! | ¡Bienvenido a CITY! | Bem-vindo a CITY! | Willkommen in CITY! | Bienvenue à CITY !
Welcome back, NAME! | ¡Bienvenido de nuevo, NAME! | Bem-vindo de volta, NAME! | Willkommen zurück, NAME! | Content de te revoir, NAME !
Congratulations! | ¡Felicidades! | Parabéns! | Herzlichen Glückwunsch! | Félicitations !
Happy birthday! | ¡Feliz cumpleaños! | Feliz aniversário! | Alles Gute zum Geburtstag! | Joyeux anniversaire !
Happy birthday, NAME! | ¡Feliz cumpleaños, NAME! | Feliz aniversário, NAME! | Alles Gute zum Geburtstag, NAME! | Joyeux anniversaire, NAME !
Merry Christmas! | ¡Feliz Navidad! | Feliz Natal! | Frohe Weihnachten! | Joyeux Noël !
Happy New Year! | ¡Feliz año nuevo! | Feliz ano novo! | Frohes neues Jahr! | Bonne année !
Good luck! | ¡Buena suerte! | Boa sorte! | Viel Glück! | Bonne chance !
Have a nice day! ~ Have a good day! | ¡Que tengas un buen día! | Tenha um bom dia! | Schönen Tag noch! ~ Einen schönen Tag noch! | Bonne journée !
Have a nice weekend! ~ Have a good weekend! | ¡Buen fin de semana! | Bom fim de semana! | Schönes Wochenende! | Bon week-end !
Have a good trip! | ¡Buen viaje! | Boa viagem! | Gute Reise! | Bon voyage !
Enjoy your meal! | ¡Buen provecho! | Bom apetite! | Guten Appetit! | Bon appétit !
Cheers! | ¡Salud! | Saúde! | Prost! | Santé !
Dear NAME, | Querido NAME: | Querido NAME, | Lieber NAME, | Cher NAME,
Best regards, | Saludos cordiales, | Atenciosamente, | Mit freundlichen Grüßen | Cordialement,
What is your name? ~ What's your name? | ¿Cómo te llamas? ~ ¿Cuál es tu nombre? | Qual é o seu nome? ~ Como você se chama? | Wie heißt du? ~ Wie ist dein Name? | Comment t'appelles-tu ? ~ Comment tu t'appelles ?
My name is NAME. ~ I am called NAME. | Me llamo NAME. ~ Mi nombre es NAME. | Meu nome é NAME. ~ Eu me chamo NAME. | Ich heiße NAME. ~ Mein Name ist NAME. | Je m'appelle NAME. ~ Mon nom est NAME.
I am NAME. ~ I'm NAME. | Soy NAME. ~ Yo soy NAME. | Eu sou NAME. ~ Sou NAME. | Ich bin NAME. | Je suis NAME.
This is NAME. | Este es NAME. | Este é NAME. | Das ist NAME. | C'est NAME.
Nice to meet you. ~ Nice to meet you! | Mucho gusto. ~ Encantado de conocerte. | Prazer em conhecê-lo. | Freut mich. ~ Schön, dich kennenzulernen. | Enchanté.
Who are you? | ¿Quién eres? | Quem é você? | Wer bist du? | Qui es-tu ?
Where are you from? | ¿De dónde eres? | De onde você é? | Woher kommst du? | D'où viens-tu ?
Where are you? | ¿Dónde estás? | Onde você está? | Wo bist du? | Où es-tu ?
Where do you live? | ¿Dónde vives? | Onde você mora? | Wo wohnst du? | Où habites-tu ?
Where do you work? | ¿Dónde trabajas? | Onde você trabalha? | Wo arbeitest du? | Où travailles-tu ?
How old are you? | ¿Cuántos años tienes? | Quantos anos você tem? | Wie alt bist du? | Quel âge as-tu ?
I am NUMBER years old. ~ I'm NUMBER years old. | Tengo NUMBER años. | Eu tenho NUMBER anos. ~ Tenho NUMBER anos. | Ich bin NUMBER Jahre alt. | J'ai NUMBER ans.
NAME is NUMBER years old. | NAME tiene NUMBER años. | NAME tem NUMBER anos. | NAME ist NUMBER Jahre alt. | NAME a NUMBER ans.
What do you do? | ¿A qué te dedicas? | O que você faz? | Was machst du beruflich? | Que fais-tu dans la vie ?
What are you doing? | ¿Qué estás haciendo? ~ ¿Qué haces? | O que você está fazendo? | Was machst du? | Que fais-tu ?
What is this? ~ What's this? | ¿Qué es esto? | O que é isto? | Was ist das? | Qu'est-ce que c'est ?
What time is it? | ¿Qué hora es? | Que horas são? | Wie spät ist es? ~ Wie viel Uhr ist es? | Quelle heure est-il ?
It is NUMBER o'clock. ~ It's NUMBER o'clock. | Son las NUMBER. | São NUMBER horas. | Es ist NUMBER Uhr. | Il est NUMBER heures.
What day is it today? | ¿Qué día es hoy? | Que dia é hoje? | Welcher Tag ist heute? | Quel jour sommes-nous ?
Do you speak English? | ¿Hablas inglés? | Você fala inglês? | Sprichst du Englisch? | Parles-tu anglais ?
I do not understand. ~ I don't understand. | No entiendo. | Eu não entendo. ~ Não entendo. | Ich verstehe nicht. | Je ne comprends pas.
I understand. | Entiendo. | Eu entendo. ~ Entendo. | Ich verstehe. | Je comprends.
Do you understand? | ¿Entiendes? | Você entende? | Verstehst du? | Comprends-tu ?
I do not know. ~ I don't know. | No lo sé. ~ No sé. | Eu não sei. ~ Não sei. | Ich weiß es nicht. ~ Ich weiß nicht. | Je ne sais pas.
I know. | Lo sé. | Eu sei. | Ich weiß. | Je sais.
I think so. | Creo que sí. | Acho que sim. | Ich glaube schon. | Je crois que oui.
I love you. | Te quiero. ~ Te amo. | Eu te amo. | Ich liebe dich. | Je t'aime.
I miss you. | Te echo de menos. ~ Te extraño. | Sinto sua falta. | Ich vermisse dich. | Tu me manques.
Can you help me? ~ Could you help me? | ¿Puedes ayudarme? | Você pode me ajudar? | Kannst du mir helfen? | Peux-tu m'aider ?
Can you help me, please? ~ Could you help me, please? | ¿Puedes ayudarme, por favor? | Você pode me ajudar, por favor? | Kannst du mir bitte helfen? | Peux-tu m'aider, s'il te plaît ?
How can I help you? | ¿Cómo puedo ayudarte? | Como posso ajudar você? | Wie kann ich dir helfen? | Comment puis-je t'aider ?
Help! | ¡Ayuda! | Socorro! | Hilfe! | Au secours !
Call the police! | ¡Llama a la policía! | Chame a polícia! | Rufen Sie die Polizei! | Appelez la police !
Call a doctor! | ¡Llama a un médico! | Chame um médico! | Rufen Sie einen Arzt! | Appelez un médecin !
Be careful! | ¡Ten cuidado! | Cuidado! | Sei vorsichtig! | Fais attention !
Wait a moment, please. | Espera un momento, por favor. | Espere um momento, por favor. | Warte bitte einen Moment. | Attends un moment, s'il te plaît.
Come here! | ¡Ven aquí! | Venha aqui! | Komm her! | Viens ici !
Let's go! | ¡Vamos! | Vamos! | Los geht's! | Allons-y !
I am hungry. ~ I'm hungry. | Tengo hambre. | Estou com fome. | Ich habe Hunger. | J'ai faim.
I am thirsty. ~ I'm thirsty. | Tengo sed. | Estou com sede. | Ich habe Durst. | J'ai soif.
I am tired. ~ I'm tired. | Estoy cansado. | Estou cansado. | Ich bin müde. | Je suis fatigué.
I am here. ~ I'm here. | Estoy aquí. | Estou aqui. | Ich bin hier. | Je suis ici.
I am at home. ~ I'm at home. | Estoy en casa. | Estou em casa. | Ich bin zu Hause. | Je suis à la maison.
I am at work. ~ I'm at work. | Estoy en el trabajo. | Estou no trabalho. | Ich bin bei der Arbeit. | Je suis au travail.
I am late. ~ I'm late. | Llego tarde. | Estou atrasado. | Ich bin spät dran. | Je suis en retard.
It is very good. ~ It's very good. | Es muy bueno. | É muito bom. | Es ist sehr gut. | C'est très bon.
It is too expensive. ~ It's too expensive. | Es demasiado caro. | É muito caro. | Es ist zu teuer. | C'est trop cher.
It does not work. ~ It doesn't work. | No funciona. | Não funciona. | Es funktioniert nicht. | Ça ne marche pas.
It works! | ¡Funciona! | Funciona! | Es funktioniert! | Ça marche !
It is raining. ~ It's raining. | Está lloviendo. ~ Llueve. | Está chovendo. | Es regnet. | Il pleut.
It is snowing. ~ It's snowing. | Está nevando. ~ Nieva. | Está nevando. | Es schneit. | Il neige.
It is raining in CITY. ~ It's raining in CITY. | Está lloviendo en CITY. | Está chovendo em CITY. | Es regnet in CITY. | Il pleut à CITY.
It is cold today. ~ It's cold today. | Hoy hace frío. ~ Hace frío hoy. | Está frio hoje. | Heute ist es kalt. ~ Es ist heute kalt. | Il fait froid aujourd'hui.
It is hot today. ~ It's hot today. | Hoy hace calor. ~ Hace calor hoy. | Está quente hoje. | Heute ist es heiß. ~ Es ist heute heiß. | Il fait chaud aujourd'hui.
The weather is nice today. ~ The weather is good today. | Hoy hace buen tiempo. | O tempo está bom hoje. | Heute ist das Wetter schön. ~ Das Wetter ist heute schön. | Il fait beau aujourd'hui.
How is the weather? | ¿Qué tiempo hace? | Como está o tempo? | Wie ist das Wetter? | Quel temps fait-il ?
Where is the bathroom? | ¿Dónde está el baño? | Onde fica o banheiro? | Wo ist die Toilette? | Où sont les toilettes ?
Turn left. | Gira a la izquierda. | Vire à esquerda. | Biegen Sie links ab. | Tournez à gauche.
Turn right. | Gira a la derecha. | Vire à direita. | Biegen Sie rechts ab. | Tournez à droite.
Go straight ahead. | Sigue todo recto. | Siga em frente. | Gehen Sie geradeaus. | Allez tout droit.
How much is it? ~ How much does it cost? | ¿Cuánto cuesta? | Quanto custa? | Wie viel kostet das? ~ Was kostet das? | Combien ça coûte ?
It costs NUMBER euros. | Cuesta NUMBER euros. | Custa NUMBER euros. | Es kostet NUMBER Euro. | Ça coûte NUMBER euros.
It costs NUMBER dollars. | Cuesta NUMBER dólares. | Custa NUMBER dólares. | Es kostet NUMBER Dollar. | Ça coûte NUMBER dollars.
The bill, please. ~ The check, please. | La cuenta, por favor. | A conta, por favor. | Die Rechnung, bitte. | L'addition, s'il vous plaît.
The menu, please. | El menú, por favor. | O cardápio, por favor. | Die Speisekarte, bitte. | Le menu, s'il vous plaît.
A table for NUMBER people, please. | Una mesa para NUMBER personas, por favor. | Uma mesa para NUMBER pessoas, por favor. | Einen Tisch für NUMBER Personen, bitte. | Une table pour NUMBER personnes, s'il vous plaît.
I have a reservation. | Tengo una reserva. | Tenho uma reserva. | Ich habe eine Reservierung. | J'ai une réservation.
I am lost. ~ I'm lost. | Estoy perdido. | Estou perdido. | Ich habe mich verlaufen. | Je suis perdu.
What happened? | ¿Qué pasó? ~ ¿Qué ha pasado? | O que aconteceu? | Was ist passiert? | Que s'est-il passé ?
Why? | ¿Por qué? | Por quê? | Warum? | Pourquoi ?
Where? | ¿Dónde? | Onde? | Wo? | Où ?
When? | ¿Cuándo? | Quando? | Wann? | Quand ?
Who? | ¿Quién? | Quem? | Wer? | Qui ?
How? | ¿Cómo? | Como? | Wie? | Comment ?
Is it true? | ¿Es verdad? | É verdade? | Ist das wahr? | C'est vrai ?
Are you ready? | ¿Estás listo? | Você está pronto? | Bist du bereit? | Es-tu prêt ?
The quick brown fox jumps over the lazy dog. | El rápido zorro marrón salta sobre el perro perezoso. | A rápida raposa marrom salta sobre o cachorro preguiçoso. | Der schnelle braune Fuchs springt über den faulen Hund. | Le rapide renard brun saute par-dessus le chien paresseux.
I think, therefore I am. | Pienso, luego existo. | Penso, logo existo. | Ich denke, also bin ich. | Je pense, donc je suis.
This is a test. ~ It is a test. | Esto es una prueba. | Isto é um teste. | Das ist ein Test. | C'est un test.
This is a test sentence. | Esta es una frase de prueba. | Esta é uma frase de teste. | Das ist ein Testsatz. | C'est une phrase de test.
I want to learn. | Quiero aprender. | Quero aprender. | Ich will lernen. | Je veux apprendre.
I like it. | Me gusta. | Eu gosto. | Es gefällt mir. | Ça me plaît.
I do not like it. ~ I don't like it. | No me gusta. | Eu não gosto. | Es gefällt mir nicht. | Ça ne me plaît pas.
That is right. ~ That's right. | Es correcto. | Está certo. | Das ist richtig. | C'est exact.
That is wrong. ~ That's wrong. | Es incorrecto. | Está errado. | Das ist falsch. | C'est faux.
Open | Abrir | Abrir | Öffnen | Ouvrir
Close | Cerrar | Fechar | Schließen | Fermer
Save | Guardar | Salvar | Speichern | Enregistrer
Save changes | Guardar cambios | Salvar alterações | Änderungen speichern | Enregistrer les modifications
Cancel | Cancelar | Cancelar | Abbrechen | Annuler
Delete | Eliminar | Excluir | Löschen | Supprimer
Edit | Editar | Editar | Bearbeiten | Modifier
Copy | Copiar | Copiar | Kopieren | Copier
Paste | Pegar | Colar | Einfügen | Coller
Undo | Deshacer | Desfazer | Rückgängig | Annuler l'action
Search | Buscar | Pesquisar | Suchen | Rechercher
Send | Enviar | Enviar | Senden | Envoyer
Share | Compartir | Compartilhar | Teilen | Partager
Print | Imprimir | Imprimir | Drucken | Imprimer
Download | Descargar | Baixar | Herunterladen | Télécharger
Upload | Subir | Enviar arquivo | Hochladen | Téléverser
Continue | Continuar | Continuar | Weiter | Continuer
Back | Atrás | Voltar | Zurück | Retour
Next | Siguiente | Próximo | Nächste | Suivant
Previous | Anterior | Anterior | Vorherige | Précédent
Start | Iniciar | Iniciar | Starten | Démarrer
Stop | Detener | Parar | Anhalten | Arrêter
Settings | Configuración | Configurações | Einstellungen | Paramètres
Help | Ayuda | Ajuda | Hilfe | Aide
Home | Inicio | Início | Startseite | Accueil
Menu | Menú | Menu | Menü | Menu
Yes | Sí | Sim | Ja | Oui
No | No | Não | Nein | Non
Hello | Hola | Olá | Hallo | Bonjour
Hello world ~ Hello, world | Hola mundo ~ Hola, mundo | Olá mundo ~ Olá, mundo | Hallo Welt ~ Hallo, Welt | Bonjour le monde ~ Bonjour, le monde
Sign in ~ Log in | Iniciar sesión | Entrar | Anmelden | Se connecter
Sign out ~ Log out | Cerrar sesión | Sair | Abmelden | Se déconnecter
Sign up | Registrarse | Cadastrar-se | Registrieren | S'inscrire
Forgot your password? | ¿Olvidaste tu contraseña? | Esqueceu sua senha? | Passwort vergessen? | Mot de passe oublié ?
Try again | Intentar de nuevo | Tentar novamente | Erneut versuchen | Réessayer
Please try again. | Por favor, inténtalo de nuevo. | Por favor, tente novamente. | Bitte versuchen Sie es erneut. | Veuillez réessayer.
Please try again later. | Por favor, inténtalo más tarde. | Por favor, tente mais tarde. | Bitte versuchen Sie es später erneut. | Veuillez réessayer plus tard.
Something went wrong. | Algo salió mal. | Algo deu errado. | Etwas ist schiefgelaufen. | Une erreur s'est produite.
Please wait. ~ Please wait... | Por favor, espera. | Por favor, aguarde. | Bitte warten. | Veuillez patienter.
Loading... | Cargando... | Carregando... | Wird geladen... | Chargement...
Read more ~ Learn more | Leer más | Leia mais | Mehr lesen | Lire la suite
Show more | Mostrar más | Mostrar mais | Mehr anzeigen | Afficher plus
Show less | Mostrar menos | Mostrar menos | Weniger anzeigen | Afficher moins
Click here | Haz clic aquí | Clique aqui | Hier klicken | Cliquez ici
Click here to start the program. | Haz clic aquí para iniciar el programa. | Clique aqui para iniciar o programa. | Klicken Sie hier, um das Programm zu starten. | Cliquez ici pour démarrer le programme.
All rights reserved. | Todos los derechos reservados. | Todos os direitos reservados. | Alle Rechte vorbehalten. | Tous droits réservés.
Terms of use | Condiciones de uso | Termos de uso | Nutzungsbedingungen | Conditions d'utilisation
Privacy policy | Política de privacidad | Política de privacidade | Datenschutzerklärung | Politique de confidentialité
Contact us | Contáctanos | Fale conosco | Kontaktieren Sie uns | Contactez-nous
About us | Sobre nosotros | Sobre nós | Über uns | À propos de nous
First name | Nombre | Nome | Vorname | Prénom
Last name | Apellido | Sobrenome | Nachname | Nom de famille
Phone number | Número de teléfono | Número de telefone | Telefonnummer | Numéro de téléphone
Date of birth | Fecha de nacimiento | Data de nascimento | Geburtsdatum | Date de naissance
Step NUMBER | Paso NUMBER | Passo NUMBER | Schritt NUMBER | Étape NUMBER
Page NUMBER of NUMBER2 | Página NUMBER de NUMBER2 | Página NUMBER de NUMBER2 | Seite NUMBER von NUMBER2 | Page NUMBER sur NUMBER2
NUMBER minutes ago | hace NUMBER minutos | há NUMBER minutos | vor NUMBER Minuten | il y a NUMBER minutes
NUMBER hours ago | hace NUMBER horas | há NUMBER horas | vor NUMBER Stunden | il y a NUMBER heures
NUMBER days ago | hace NUMBER días | há NUMBER dias | vor NUMBER Tagen | il y a NUMBER jours
You have NUMBER new messages. | Tienes NUMBER mensajes nuevos. | Você tem NUMBER novas mensagens. | Sie haben NUMBER neue Nachrichten. | Vous avez NUMBER nouveaux messages.
The train to CITY leaves at TIME. | El tren a CITY sale a las TIME. | O trem para CITY parte às TIME. | Der Zug nach CITY fährt um TIME Uhr ab. | Le train pour CITY part à TIME.
When does the train to CITY leave? | ¿Cuándo sale el tren a CITY? | Quando parte o trem para CITY? | Wann fährt der Zug nach CITY ab? | Quand part le train pour CITY ?
When does the next bus to CITY leave? | ¿Cuándo sale el próximo autobús a CITY? | Quando parte o próximo ônibus para CITY? | Wann fährt der nächste Bus nach CITY ab? | Quand part le prochain bus pour CITY ?
A ticket to CITY, please. | Un billete a CITY, por favor. | Um bilhete para CITY, por favor. | Eine Fahrkarte nach CITY, bitte. | Un billet pour CITY, s'il vous plaît.
The meeting begins at TIME. ~ The meeting starts at TIME. | La reunión empieza a las TIME. | A reunião começa às TIME. | Die Besprechung beginnt um TIME Uhr. | La réunion commence à TIME.
The store opens at TIME. | La tienda abre a las TIME. | A loja abre às TIME. | Das Geschäft öffnet um TIME Uhr. | Le magasin ouvre à TIME.
The museum closes at TIME. | El museo cierra a las TIME. | O museu fecha às TIME. | Das Museum schließt um TIME Uhr. | Le musée ferme à TIME.
I live in CITY. | Vivo en CITY. ~ Yo vivo en CITY. | Eu moro em CITY. ~ Moro em CITY. | Ich wohne in CITY. ~ Ich lebe in CITY. | J'habite à CITY. ~ Je vis à CITY.
NAME lives in CITY. | NAME vive en CITY. | NAME mora em CITY. | NAME wohnt in CITY. ~ NAME lebt in CITY. | NAME habite à CITY. ~ NAME vit à CITY.
NAME works in CITY. | NAME trabaja en CITY. | NAME trabalha em CITY. | NAME arbeitet in CITY. | NAME travaille à CITY.
I am going to CITY. ~ I'm going to CITY. | Voy a CITY. | Eu vou para CITY. ~ Vou para CITY. | Ich fahre nach CITY. | Je vais à CITY.
How do I get to CITY? | ¿Cómo llego a CITY? | Como chego a CITY? | Wie komme ich nach CITY? | Comment aller à CITY ?
CITY is a beautiful city. | CITY es una ciudad hermosa. | CITY é uma cidade bonita. | CITY ist eine schöne Stadt. | CITY est une belle ville.
The capital is CITY. | La capital es CITY. | A capital é CITY. | Die Hauptstadt ist CITY. | La capitale est CITY.
NAME and NAME2 are friends. | NAME y NAME2 son amigos. | NAME e NAME2 são amigos. | NAME und NAME2 sind Freunde. | NAME et NAME2 sont amis.
Where is NAME? | ¿Dónde está NAME? | Onde está NAME? | Wo ist NAME? | Où est NAME ?
Do you know NAME? | ¿Conoces a NAME? | Você conhece NAME? | Kennst du NAME? | Connais-tu NAME ?
I am waiting for NAME. ~ I'm waiting for NAME. | Espero a NAME. ~ Estoy esperando a NAME. | Estou esperando NAME. | Ich warte auf NAME. | J'attends NAME.
NAME is not here. ~ NAME isn't here. | NAME no está aquí. | NAME não está aqui. | NAME ist nicht hier. | NAME n'est pas ici.
NAME is coming tomorrow. | NAME viene mañana. | NAME vem amanhã. | NAME kommt morgen. | NAME vient demain.
NAME called yesterday. | NAME llamó ayer. | NAME ligou ontem. | NAME hat gestern angerufen. | NAME a appelé hier.
My phone number is NUMBER. | Mi número de teléfono es NUMBER. | Meu número de telefone é NUMBER. | Meine Telefonnummer ist NUMBER. | Mon numéro de téléphone est NUMBER.
""")
