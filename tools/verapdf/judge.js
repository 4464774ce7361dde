// Judges each file named by one profile of ISO 19005 and prints one line of JSON a file. Run by the JavaScript engine
// that veraPDF brings with it: nothing has to be compiled.
var pdfa = Packages.org.verapdf.pdfa;
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = pdfa.Foundries.defaultInstance();
var flavour = pdfa.flavours.PDFAFlavour.fromString(String(arguments[0]));

function faults(result) {
  var found = {};
  for (var each = result.getTestAssertions().iterator(); each.hasNext();) {
    var one = each.next(), rule = one.getRuleId();
    if (String(one.getStatus().name()) === "FAILED") {
      found[rule.getClause() + "-" + rule.getTestNumber()] = one.getMessage() + " at " + one.getLocation().getContext();
    }
  }
  return found;
}

function judged(name) {
  try {
    var parser = foundry.createParser(new java.io.File(name), flavour);
    try {
      var result = foundry.createValidator(flavour, false).validate(parser);
      return {file: name, kept: Boolean(result.isCompliant()), faults: faults(result)};
    } finally {
      parser.close();
    }
  } catch (problem) {
    return {file: name, kept: false, faults: {unreadable: String(problem)}};
  }
}

for (var at = 1; at < arguments.length; at++) {
  print(JSON.stringify(judged(String(arguments[at]))));
}
